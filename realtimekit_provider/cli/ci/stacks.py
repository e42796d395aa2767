"""``realtimekit ci stacks``: the stacks that a pipeline's matrix runs over."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from realtimekit_provider.cli.changes.effects import format_plain
from realtimekit_provider.cli.ci.changed_stacks import choose_stacks, describe_leftovers
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.output import print_message, print_warning, write_json
from realtimekit_provider.cli.stack_files.names import describe_bad_name
from realtimekit_provider.cli.stack_files.project import (
    Project,
    StackFile,
    describe_missing_file,
    find_project,
    find_stack_file,
    list_stack_files,
)
from realtimekit_provider.cli.stack_files.selection import Selection, select_all, split_into_chunks
from realtimekit_provider.redaction import to_one_line

__all__ = ["command"]


@click.command("stacks")
@click.option("--base", metavar="REF", help="What the change is compared with; all stacks without.")
@click.option(
    "--ignore",
    "ignored",
    metavar="PATH",
    multiple=True,
    help="A file or folder of the repository that concerns no stack; repeatable.",
)
@click.option(
    "--stack", "named", metavar="STACK", default="", help="Only this one, whatever changed."
)
@click.option("--cwd", type=click.Path(path_type=Path), default=".", help="The project's folder.")
@click.option(
    "--github-output",
    is_flag=True,
    help="Also write the outputs 'stacks', 'chunks' and 'any' of the step (GITHUB_OUTPUT).",
)
def command(
    *, base: str | None, ignored: Sequence[str], named: str, cwd: Path, github_output: bool
) -> None:
    """Print the stacks of a change as JSON: those whose file changed, or all.

    All are printed where anything else of the repository changed, such as the program, its
    packages or a workflow, but for Markdown, licences and tests; and where the commit to compare
    with is not known. --stack is for a deployment by hand: a name that no file has is an error.
    Stacks are also given in chunks of 256, the most jobs that a matrix may have.
    """
    project = find_project(cwd)
    files = list_stack_files(project)
    stacks = [file.stack for file in files]
    if named:
        selection = _select_named(project, named, files)
        _require_names(selection.stacks)
    else:
        _require_names(stacks)
        selection = choose_stacks(project, stacks, base, ignored)
    chunks = split_into_chunks(selection.stacks)
    print_message(to_one_line(f"{len(selection.stacks)} selected: {selection.reason}"))
    for phrase in describe_leftovers(selection):
        print_warning(format_plain(phrase))
    write_json(_to_document(selection, chunks))
    if github_output:
        _write_step_outputs(selection, chunks)


def _select_named(project: Project, name: str, files: Sequence[StackFile]) -> Selection:
    file = find_stack_file(project, name, files)
    if file is None:
        raise CommandError(describe_missing_file(project, [name], files), ExitCode.NO_STACK)
    return select_all([file.stack], "it was named")


def _require_names(names: Sequence[str]) -> None:
    """Raise a :class:`CommandError` where a file has a name that no stack can have."""
    reasons = [reason for name in names if (reason := describe_bad_name(name)) is not None]
    if reasons:
        raise CommandError("; ".join(reasons), ExitCode.CONFIGURATION)


def _to_document(selection: Selection, chunks: list[list[str]]) -> dict[str, Any]:
    """Return the keys ``stacks``, ``chunks``, ``reason``, ``deleted`` and ``renamed``."""
    return {
        "stacks": list(selection.stacks),
        "chunks": chunks,
        "reason": selection.reason,
        "deleted": list(selection.deleted),
        "renamed": [{"from": old, "to": new} for old, new in selection.renamed],
    }


def _write_step_outputs(selection: Selection, chunks: list[list[str]]) -> None:
    path = os.environ.get("GITHUB_OUTPUT")
    if not path:
        raise CommandError("GITHUB_OUTPUT is not set: this is no step of GitHub Actions")
    outputs = {
        "stacks": json.dumps(list(selection.stacks)),
        "chunks": json.dumps(chunks),
        "any": json.dumps(bool(selection.stacks)),
    }
    # No name of a stack holds a line break, so no line can be another output.
    with Path(path).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())
