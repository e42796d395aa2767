"""``realtimekit ci preview``: what a deployment of the stacks would do, for who reviews it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from realtimekit_provider.cli.changes.effects import Phrase, Quoted, format_plain, quote
from realtimekit_provider.cli.changes.stack_previews import create_failed_preview, preview_stacks
from realtimekit_provider.cli.ci.changed_stacks import choose_stacks, describe_leftovers
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode, get_exit_code
from realtimekit_provider.cli.github.client import ForbiddenError, GitHubClient, create_client
from realtimekit_provider.cli.github.comments import save_comment
from realtimekit_provider.cli.github.job import create_marker, find_run_url, write_summary
from realtimekit_provider.cli.output import print_message, print_warning, write_json
from realtimekit_provider.cli.report.document import report_to_document
from realtimekit_provider.cli.report.limits import COMMENT_LIMIT, SUMMARY_LIMIT
from realtimekit_provider.cli.report.markdown import render_report
from realtimekit_provider.cli.report.stack_report import Report, create_report
from realtimekit_provider.cli.stack_files.project import (
    Project,
    describe_missing_files,
    find_project,
    find_stack_file,
    list_stack_files,
)
from realtimekit_provider.cli.stack_files.shared_meetings import find_shared_meetings
from realtimekit_provider.cli.stack_files.validate import FileReport, validate_stack_file
from realtimekit_provider.cli.workflow_commands import break_commands
from realtimekit_provider.errors import RealtimeKitError
from realtimekit_provider.program.project_files import find_project_file
from realtimekit_provider.redaction import redact, to_one_line

__all__ = ["command"]


@click.command("preview")
@click.argument("stacks", nargs=-1, metavar="[STACK]...")
@click.option("--base", metavar="REF", help="Choose the stacks that differ from this commit.")
@click.option(
    "--ignore",
    "ignored",
    metavar="PATH",
    multiple=True,
    help="What concerns no stack, as for 'ci stacks'; repeatable.",
)
@click.option(
    "--pull-request",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="Write the comment of this one.",
)
@click.option("--summary", is_flag=True, help="Write to the job's summary.")
@click.option("--output", type=click.Path(path_type=Path), help="Write to a file.")
@click.option("--refresh", is_flag=True, help="First read what the API and the clouds have.")
@click.option("--parallel", type=click.IntRange(1, 16), default=4, help="Previews at a time (4).")
@click.option("--author", default="", help="Who writes with GITHUB_TOKEN, such as 'my-app[bot]'.")
@click.option("--cwd", type=click.Path(path_type=Path), default=".", help="The project's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(  # noqa: PLR0917  # each is an option of the command line
    ctx: click.Context,
    stacks: Sequence[str],
    base: str | None,
    ignored: Sequence[str],
    pull_request: int | None,
    summary: bool,  # noqa: FBT001  # a flag of the command line
    output: Path | None,
    refresh: bool,  # noqa: FBT001
    parallel: int,
    author: str,
    cwd: Path,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Say what a deployment of the stacks would do: all of them, or those that are named.

    With --base these are the stacks that 'realtimekit ci stacks' would print. Warnings tell of
    files that were deleted or renamed, and of meetings that two stacks record.

    Prints a report in Markdown, or writes it to a pull request's comment, to the job's summary or
    to a file. A stack that cannot be previewed comes first, with what to do. Nothing is deployed,
    and no API token is needed.

    The comment is found again by a hidden line and its author, and is replaced. The repository is
    GITHUB_REPOSITORY, the token GITHUB_TOKEN, which needs 'pull-requests: write'; without that
    permission the report goes to the job's summary. Where no stack is chosen, and nothing is to be
    warned of, a comment that is there says so, and none is made.
    """
    if base is not None and stacks:
        raise click.UsageError("--base chooses the stacks: name none beside it")
    client = create_client(author) if pull_request is not None else None
    if output is not None:
        _require_writable(output)
    report = _create_report(cwd, stacks, base, ignored, refresh=refresh, parallel=parallel)
    if as_json:
        write_json(report_to_document(report))
    if summary:
        write_summary(render_report(report, SUMMARY_LIMIT))
    if output is not None:
        output.write_text(render_report(report, SUMMARY_LIMIT), encoding="utf-8")
    if not (as_json or summary or output or client):
        click.echo(break_commands(render_report(report, SUMMARY_LIMIT)), nl=False)
    _print_warnings(report)
    _print_failures(report)
    if client is not None and pull_request is not None:
        # Last, since GitHub may fail: then the report is in the other places at least.
        is_written = _write_comment(client, pull_request, report, _find_folder(cwd))
        if not is_written and not summary:
            write_summary(render_report(report, SUMMARY_LIMIT))
    if report.exit_code:
        ctx.exit(report.exit_code)


def _create_report(
    cwd: Path,
    stacks: Sequence[str],
    base: str | None,
    ignored: Sequence[str],
    *,
    refresh: bool,
    parallel: int,
) -> Report:
    try:
        project = find_project(cwd)
    except RealtimeKitError as error:
        return _report_failure(str(error), get_exit_code(error))
    files = list_stack_files(project)
    names = stacks or [file.stack for file in files]
    selection = None if base is None else choose_stacks(project, names, base, ignored)
    warnings: list[Phrase] = []
    if selection is not None:
        warnings += describe_leftovers(selection)
        print_message(to_one_line(f"{len(selection.stacks)} selected: {selection.reason}"))
    if not names:
        return _report_failure(describe_missing_files(project), ExitCode.NO_STACK, warnings)
    if selection is not None:
        names = selection.stacks
    reports = [validate_stack_file(file, project) for file in files]
    previews = preview_stacks(
        project, names, reports, refresh=refresh, parallel=parallel, is_review=True
    )
    warnings += _describe_shared_meetings(project, names, reports)
    return create_report(previews, warnings, is_refreshed=refresh)


def _report_failure(text: str, code: ExitCode, warnings: Sequence[Phrase] = ()) -> Report:
    return create_report([create_failed_preview("every stack", text, code)], warnings)


def _describe_shared_meetings(
    project: Project, names: Sequence[str], reports: Sequence[FileReport]
) -> Iterator[Phrase]:
    files = [report.file for report in reports]
    own = {find_stack_file(project, name, files) for name in names}
    stacks = {file.stack for file in own if file is not None}
    for shared in find_shared_meetings(reports):
        if shared.stack in stacks:
            path, reason = quote(shared.mistake.path), Quoted(redact(shared.mistake.reason))
            yield ("stack ", quote(shared.stack), ", ", path, ": ", reason)


def _print_warnings(report: Report) -> None:
    for warning in report.warnings:
        print_warning(format_plain(warning))


def _find_folder(cwd: Path) -> Path:
    """Return the project's folder, also where its own file cannot be read."""
    file = find_project_file(cwd.resolve())
    return cwd if file is None else file.parent


def _write_comment(client: GitHubClient, number: int, report: Report, folder: Path) -> bool:
    """Write the comment; return whether the token may."""
    marker = create_marker("preview", folder)
    text = render_report(report, COMMENT_LIMIT, marker=marker, link=find_run_url())
    creates = bool(report.stacks or report.warnings)
    try:
        url = save_comment(client, number, marker, text, creates=creates)
    except ForbiddenError as error:
        if not os.environ.get("GITHUB_STEP_SUMMARY"):
            raise
        print_message(f"warning: {error}. The report is in the job's summary instead")
        return False
    print_message("no stack changes: no comment is written" if url is None else f"comment: {url}")
    return True


def _require_writable(file: Path) -> None:
    """Raise a :class:`CommandError` unless a file can be written, before all stacks are tried."""
    try:
        file.open("a", encoding="utf-8").close()
    except OSError as error:
        raise CommandError(
            f"{file} cannot be written ({error.strerror}): give '--output' a file in a folder that "
            "exists and that may be written to",
            ExitCode.CONFIGURATION,
        ) from None


def _print_failures(report: Report) -> None:
    for stack in report.failed:
        text = "\n".join(stack.errors)
        print_message(f"{stack.label}: {text}\n{format_plain(stack.advice)}")
