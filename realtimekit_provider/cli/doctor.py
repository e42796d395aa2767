"""``realtimekit doctor``: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from realtimekit_provider.cli.checks.catalog import CHECK_IDS, run_checks
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.report import print_reports, to_document
from realtimekit_provider.cli.checks.results import has_failed
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.output import open_console, show_status, write_json
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.names import drop_repeated_names
from realtimekit_provider.cli.stack_files.project import find_project
from realtimekit_provider.errors import SettingsError

__all__ = ["command"]


@click.command("doctor")
@click.option("--stack", "names", metavar="STACK", multiple=True, help="A stack; repeatable.")
@click.option("--cwd", type=click.Path(path_type=Path), default=".", help="The project's folder.")
@click.option("--write", is_flag=True, help="Also write a file to each storage, and remove it.")
@click.option("--strict", is_flag=True, help="A warning counts as a failure.")
@click.option(
    "--skip",
    metavar="ID",
    multiple=True,
    type=click.Choice(CHECK_IDS),
    help="A check that is not made; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(  # noqa: PLR0917  # the command line's options
    ctx: click.Context,
    names: Sequence[str],
    cwd: Path,
    write: bool,  # noqa: FBT001  # a flag
    strict: bool,  # noqa: FBT001
    skip: Sequence[str],
    as_json: bool,  # noqa: FBT001
) -> None:
    """Say what is wrong, and what to do: this machine, the project, the selected stack.

    Changes and fetches nothing: the API is only read. Exits with 0 where nothing is
    wrong, also with warnings, and with 4 where a check has failed.
    """
    project = _open_project(cwd)
    with show_status("examining …"):
        stacks = [ExaminedStack(project, name, write) for name in _select_stacks(project, names)]
        project.examined = [stack.short_name for stack in stacks]
        reports = list(run_checks(project, stacks, skip))
    if as_json:
        write_json(to_document(reports))
    else:
        print_reports(reports, open_console())
    if has_failed(reports, strict=strict):
        ctx.exit(ExitCode.RESOURCE)


def _open_project(cwd: Path) -> ExaminedProject:
    try:
        project = find_project(cwd)
    except SettingsError as error:
        raise CommandError(str(error)) from None
    return ExaminedProject(project, PulumiCli(project.folder))


def _select_stacks(project: ExaminedProject, names: Sequence[str]) -> list[str]:
    """Return the named stacks, or the selected one, or the only one.

    Where the backend does not answer, which one is selected is not known: none, unless the project
    has one file alone.

    Raises:
        CommandError: None is named, and none is selected.
    """
    if names:
        return drop_repeated_names(names, project.project.name)
    files = [report.file.stack for report in project.files.get()]
    try:
        known = project.stacks.require()
    except UnavailableError:
        return files if len(files) == 1 else []
    selected = [one.name for one in known if one.is_selected]
    only = [one.name for one in known] if len(known) == 1 else files if len(files) == 1 else []
    if not selected and not only:
        there = ", ".join([one.name for one in known] or files) or "none"
        raise CommandError(
            f"no stack is selected: name one with --stack (there: {there})", ExitCode.NO_STACK
        )
    return selected or only
