"""How ``realtimekit`` begins and ends, whichever command it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from realtimekit_provider.cli import entry, main
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.errors import RealtimeKitError, SettingsError
from tests.cli.command_line import COMMAND, write_project

SIGNALLED = """
import os, sys

class Signaller:
    def find_spec(self, name, *_):
        if name == "realtimekit_provider.cli.main":
            os.kill(os.getpid(), int(sys.argv[1]))

sys.meta_path.insert(0, Signaller())
from realtimekit_provider.cli.entry import run
run()
"""


def raise_error(error: BaseException) -> click.Command:
    """Return a command that raises ``error``."""

    @click.command("fails")
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("there is no token"), ExitCode.CONFIGURATION),
        (CommandError("it took too long", ExitCode.TIMEOUT), ExitCode.TIMEOUT),
        (RealtimeKitError("no"), ExitCode.ERROR),
        (OSError(28, "No space left on device"), ExitCode.ERROR),
        (KeyboardInterrupt(), ExitCode.CANCELLED),
    ],
)
def test_an_error_is_a_sentence_and_an_exit_code(
    error: BaseException,
    code: ExitCode,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody on call reads a traceback."""
    monkeypatch.setitem(main.cli.commands, "fails", raise_error(error))
    assert main.main(["fails"]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    assert printed.err.strip() == f"realtimekit: {reason or 'cancelled'}"


def test_a_mistake_of_the_command_has_an_exit_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipeline does not take it for an API that is down; its traceback has no credential."""
    error = ValueError("https://user:CANARY-7f3a9c@host")
    monkeypatch.setitem(main.cli.commands, "fails", raise_error(error))
    assert main.main(["fails"]) == ExitCode.INTERNAL
    printed = capsys.readouterr().err
    assert "ValueError: https://user:[secret]@host" in printed
    assert "report it" in printed


def test_a_wrong_option_is_a_mistake_in_the_configuration(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2, as Pulumi's for a wrong flag."""
    assert main.main(["nope"]) == ExitCode.CONFIGURATION
    assert "No such command 'nope'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "meant"),
    [("chekc", "check"), ("ci previw", "preview"), ("preview", "ci preview"), ("zzz", None)],
)
def test_a_misspelled_command_gets_a_suggestion(
    written: str, meant: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also one that is written without the group that it is in."""
    assert main.main(written.split()) == ExitCode.CONFIGURATION
    *_, name = written.split()
    advice = f" Did you mean '{meant}'?" if meant else ""
    assert capsys.readouterr().err.endswith(f"Error: No such command '{name}'.{advice}\n")


def test_every_command_of_the_help_can_be_loaded() -> None:
    """Its name in ``--help`` is the name of its module."""
    context = click.Context(main.cli)
    for name in main.cli.list_commands(context):
        assert main.cli.get_command(context, name) is not None


def test_a_missing_package_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The package itself needs none of them."""
    monkeypatch.setattr(entry, "find_spec", lambda name: None if name == "rich" else name)
    with pytest.raises(SystemExit) as ended:
        entry.run()
    assert ended.value.code == ExitCode.CONFIGURATION
    assert "realtimekit-provider[ops]" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_commands_are_loaded_is_a_cancellation(number: signal.Signals) -> None:
    """It is none of a traceback and another code, however early it comes."""
    command = [sys.executable, "-c", SIGNALLED, str(int(number))]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (ExitCode.CANCELLED, "realtimekit: cancelled\n")


@pytest.mark.parametrize(
    ("redirection", "code", "message"),
    [
        ("> /dev/full", ExitCode.ERROR, "realtimekit: No space left on device"),
        (">&-", ExitCode.OK, "1 file checked: no mistakes"),
    ],
)
def test_output_that_cannot_be_written_is_no_mistake_of_the_command(
    redirection: str, code: ExitCode, message: str, tmp_path: Path
) -> None:
    """A full disk and a stream that the shell has closed get a code and a sentence."""
    project = write_project(tmp_path, prod="config:\n  realtimekit:recordings: {}\n")
    arguments = [*COMMAND, "check", "--json"] if code else [*COMMAND, "check"]
    ended = subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr.strip().splitlines()[-1]) == (code, message)
