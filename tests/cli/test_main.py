"""How ``realtimekit`` begins and ends, whichever command it is."""

from __future__ import annotations

import click
import pytest

from realtimekit_provider.cli import entry, main
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.errors import RealtimeKitError, SettingsError


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
    assert printed.err.strip() == f"realtimekit: {str(error) or 'cancelled'}"


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
