"""``realtimekit check``: every stack's file validated, without token and passphrase."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.output import open_console, print_line, print_message, write_json
from realtimekit_provider.cli.stack_files.project import (
    Project,
    describe_misplaced_files,
    describe_missing_file,
    describe_missing_files,
    find_project,
    find_stack_file,
    list_stack_files,
)
from realtimekit_provider.cli.stack_files.shared_meetings import add_shared_meetings
from realtimekit_provider.cli.stack_files.validate import FileReport, validate_stack_file
from realtimekit_provider.cli.workflow_commands import format_annotation, is_in_github_actions

__all__ = ["command"]


@click.command("check")
@click.argument("stacks", nargs=-1, metavar="[STACK]...")
@click.option("--cwd", type=click.Path(path_type=Path), default=".", help="The project's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(ctx: click.Context, stacks: Sequence[str], cwd: Path, as_json: bool) -> None:  # noqa: FBT001  # a flag of the command line
    """Validate the stacks' files: all of them, or those of the named stacks.

    Needs no API token, no passphrase and no network: a pull request from a fork may run it.
    Encrypted values are taken as given. Exits with 2 where a file has a mistake.
    """
    project = find_project(cwd)
    files = list_stack_files(project)
    reports = add_shared_meetings([validate_stack_file(file, project) for file in files])
    misplaced = describe_misplaced_files(project)
    chosen = _select_reports(reports, stacks, project)
    # Each stack that does not set such a setting itself has the same.
    variables = {one.path: one.reason for report in chosen for one in report.variables}
    if as_json:
        documents = [_to_document(one, project) for one in chosen]
        write_json({"stacks": documents, "not_read": misplaced, "environment": variables})
    else:
        _print_reports(chosen, project)
        for name, reason in variables.items():
            print_line(f"{name}: {reason}")
            _annotate(f"{name}: {reason}")
        for path, note in misplaced.items():
            print_line(f"{path}: note: {note}")
        print_message(_summarize(chosen, len(variables)))
    if variables or any(report.mistakes for report in chosen):
        ctx.exit(ExitCode.CONFIGURATION)


def _select_reports(
    reports: Sequence[FileReport],
    stacks: Sequence[str],
    project: Project,
) -> list[FileReport]:
    known = {report.file: report for report in reports}
    files = {name: find_stack_file(project, name, known) for name in stacks}
    missing = [name for name, file in files.items() if file is None]
    if missing:
        raise CommandError(describe_missing_file(project, missing, known), ExitCode.NO_STACK)
    if not reports:
        raise CommandError(describe_missing_files(project), ExitCode.NO_STACK)
    named = dict.fromkeys(file for file in files.values() if file is not None)
    return [known[file] for file in named] if stacks else list(reports)


def _print_reports(reports: Sequence[FileReport], project: Project) -> None:
    for report in reports:
        path = os.path.relpath(report.file.path, project.folder)
        # GitHub looks for a file below the repository's top folder.
        annotated = os.path.relpath(report.file.path, project.repository)
        for mistake in report.mistakes:
            for line in (f"{path}:{mistake.line}: {mistake}", *mistake.advice):
                print_line(line)
            whole = "\n".join((str(mistake), *mistake.advice))
            _annotate(whole, annotated, mistake.line)
        for note in report.notes:
            print_line(f"{path}: note: {note}")


def _annotate(text: str, path: str = "", line: int = 1) -> None:
    if is_in_github_actions():
        open_console().print(format_annotation(text, path, line), soft_wrap=True)


def _summarize(reports: Sequence[FileReport], variables: int) -> str:
    number = sum(len(report.mistakes) for report in reports)
    files = "1 file" if len(reports) == 1 else f"{len(reports)} files"
    environment = f", {_count_mistakes(variables)} in the environment" if variables else ""
    wrong = sum(1 for report in reports if report.mistakes)
    where = f" in {wrong} of them" if wrong and len(reports) > 1 else ""
    return f"{files} checked: {_count_mistakes(number)}{where}{environment}"


def _count_mistakes(number: int) -> str:
    return "1 mistake" if number == 1 else f"{number or 'no'} mistakes"


def _to_document(report: FileReport, project: Project) -> dict[str, Any]:
    """Return the keys ``stack``, ``file``, ``mistakes`` (path, reason, line, advice), ``notes``."""
    return {
        "stack": report.file.stack,
        "file": os.path.relpath(report.file.path, project.folder),
        "mistakes": [
            {
                "path": one.path,
                "reason": one.reason,
                "line": one.line,
                "advice": list(one.advice),
            }
            for one in report.mistakes
        ],
        "notes": list(report.notes),
    }
