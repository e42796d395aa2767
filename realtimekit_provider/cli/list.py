"""``realtimekit list``: the recordings of the API, and which state has each."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.inventory.build import build_report
from realtimekit_provider.cli.inventory.filters import EXPIRING, LOST, RowFilter, parse_age
from realtimekit_provider.cli.inventory.rows import RecordingClass
from realtimekit_provider.cli.inventory.table import format_report
from realtimekit_provider.cli.output import open_console, print_message, write_json
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.project import find_project

__all__ = ["command"]

_WIDTH_OF_A_FILE = 100_000
_CLASSES = (*(one.value for one in RecordingClass), EXPIRING, LOST)


def _parse_age(_ctx: click.Context, _option: click.Parameter, text: str | None) -> timedelta | None:
    try:
        return None if text is None else parse_age(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command("list")
@click.option(
    "--stack", "stacks", multiple=True, metavar="STACK", help="Of this stack; repeatable."
)
@click.option(
    "--status", "statuses", multiple=True, metavar="STATUS", help="Of this status; repeatable."
)
@click.option(
    "--class",
    "classes",
    multiple=True,
    type=click.Choice(_CLASSES),
    metavar="CLASS",
    help="Of this class, 'expiring' or 'lost'; repeatable.",
)
@click.option("--meeting", "meeting_id", metavar="ID", help="Of this meeting.")
@click.option(
    "--older-than", callback=_parse_age, metavar="AGE", help="Started that long ago or longer."
)
@click.option(
    "--newer-than", callback=_parse_age, metavar="AGE", help="Started that long ago or less."
)
@click.option(
    "--expect-clean",
    is_flag=True,
    help="Exit with 7 where one is wrong, or the backend has no stack.",
)
@click.option("--cwd", type=click.Path(path_type=Path), default=".", help="The project's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    stacks: Sequence[str],
    statuses: Sequence[str],
    classes: Sequence[str],
    meeting_id: str | None,
    older_than: timedelta | None,
    newer_than: timedelta | None,
    expect_clean: bool,
    cwd: Path,
    as_json: bool,
) -> None:
    """List the recordings of the API, and which stack's state has each.

    What is wrong stands first: 'missing' (in a state, and unknown to the API), 'doubled' (its
    meeting is recorded twice, or two resources have it), 'orphan' (started by a stack, live, and in
    no state). Then come 'expiring' (its files vanish within 48 hours) and 'lost' (its files may be
    lost). AGE is a number with s, m, h, d or w, such as 12h.
    """
    statuses = [status.upper() for status in statuses]
    row_filter = RowFilter(stacks, statuses, classes, meeting_id, older_than, newer_than)
    project = find_project(cwd)
    report = build_report(project, PulumiCli(project.folder), row_filter, print_message)
    for warning in report.warnings:
        print_message(f"warning: {warning}")
    if as_json:
        write_json(report.to_document())
    else:
        console = open_console()
        # A terminal breaks lines; a file has each row and its reason on one, and is searched.
        has_width = sys.stdout.isatty() or "COLUMNS" in os.environ
        for line in format_report(report, console.width if has_width else _WIDTH_OF_A_FILE):
            console.print(line, soft_wrap=True)
    has_changes = expect_clean and (report.count_wrong() or not report.has_stacks)
    ctx.exit(report.error_code or (ExitCode.CHANGES if has_changes else ExitCode.OK))
