"""What the command line passes on: no command to the runner, and no token of the job."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from rich.console import Console

from realtimekit_provider.cli.checks.report import print_reports
from realtimekit_provider.cli.checks.results import CheckResult, Report
from realtimekit_provider.cli.exit_codes import ExitCode, combine_exit_codes
from realtimekit_provider.cli.output import (
    open_console,
    print_line,
    print_message,
    print_warning,
)
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.workflow_commands import break_commands, format_annotation

TOKENS = (
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_RUNTIME_TOKEN",
    "GH_TOKEN",
    "GITHUB_TOKEN",
)


@pytest.mark.parametrize("text", ["::add-mask::e", "a\n \t::stop-commands::x", "a\r::b::", "##[x]"])
def test_no_line_of_a_message_is_a_command_to_github(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors of a program are printed whole, and its author may be anybody."""
    print_message(text)
    print_warning(text)
    print_line(text)
    click.echo(break_commands(text))
    for printed in capsys.readouterr():
        assert "##[" not in printed
        assert not any(line.strip().startswith("::") for line in printed.splitlines())


def test_a_text_is_printed_unchanged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name in brackets is no style, a word in colons no picture, a number has no colour."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = "[bold]standup[/bold] :smile: 600"
    print_message(text)
    open_console().print(text)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{text}\n", f"{text}\n")


def test_a_warning_is_one_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads stdout, and the second line of a name is no line of the log."""
    print_warning("stack [a]\nb is gone")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "warning: stack [a] b is gone\n")


@pytest.mark.parametrize("text", ["x\n::add-mask::e", "a" * 300 + " ::error::x", "##[x]"])
def test_no_line_of_a_report_is_a_command_to_github(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a check quotes may have a line break, and a long line is broken anywhere."""
    report = Report("lock", "prod", CheckResult.fail(text, text))
    print_reports([report], Console(width=60, markup=False))
    printed = capsys.readouterr().out
    assert "##[" not in printed
    assert not any(line.strip().startswith("::") for line in printed.splitlines())


def test_no_character_of_an_annotation_ends_a_part_of_it() -> None:
    """A file of a pull request may have any name."""
    line = format_annotation("50%\r\n::x", "a:b,c%.yaml", 3)
    assert line == "::error file=a%3Ab%2Cc%25.yaml,line=3::50%25%0D%0A::x"


def test_the_program_of_a_preview_has_no_token_of_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment keeps what a provider logs in with."""
    program = tmp_path / "pulumi"
    program.write_text("#!/bin/sh\nenv\nenv >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
    for name in (*TOKENS, "OTHER"):
        monkeypatch.setenv(name, "CANARY")
    cli = PulumiCli(tmp_path)
    read = cli.run("preview").stdout.splitlines()
    assert [one for one in read if one.endswith("=CANARY")] == ["OTHER=CANARY"]
    with cli.start("up") as process:
        given = {one for one in process.communicate()[1].splitlines() if one.endswith("=CANARY")}
    assert given == {f"{name}=CANARY" for name in (*TOKENS[:2], "OTHER")}


@pytest.mark.parametrize(
    ("codes", "code"),
    [((), 0), ((0, 7), 7), ((7, 2, 0), 2), ((2, 2), 2), ((2, 6), ExitCode.ERROR)],
)
def test_an_error_of_a_stack_wins_over_changes(codes: tuple[int, ...], code: int) -> None:
    """Errors that differ are an error like any other."""
    assert combine_exit_codes(codes) == code
