"""The stacks that a change is about, and what becomes of those whose files are gone."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from realtimekit_provider.cli.changes.effects import Phrase, quote
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.cli.stack_files.git_changes import find_repository, list_changes
from realtimekit_provider.cli.stack_files.project import Project
from realtimekit_provider.cli.stack_files.selection import Selection, select_all, select_stacks

__all__ = ["choose_stacks", "describe_leftovers"]


def choose_stacks(
    project: Project, stacks: Sequence[str], base: str | None, ignored: Sequence[str] = ()
) -> Selection:
    """Return the stacks that differ from a commit, also those whose names no stack can have.

    Args:
        project: The project.
        stacks: The stacks that have a file.
        base: A branch, a tag or a commit; all stacks are returned without one.
        ignored: Files and folders of the repository that concern no stack.

    Raises:
        CommandError: The project is in no git repository, or git fails.
    """
    if base is None:
        return select_all(stacks, "no commit to compare with was named")
    repository = find_repository(project.folder).resolve()
    changes = list_changes(repository, base)
    if changes is None:
        return select_all(stacks, "the commit to compare with is not in this clone")
    if not project.config_folder.is_relative_to(repository):
        return select_all(stacks, "their files are not in the repository of the project")
    config_folder = project.config_folder.relative_to(repository)
    return select_stacks(
        stacks,
        changes,
        PurePosixPath(config_folder.as_posix()),
        project.file.suffix,
        [PurePosixPath(path) for path in ignored],
    )


def describe_leftovers(selection: Selection) -> Iterator[Phrase]:
    """Yield what becomes of each stack whose file was deleted or renamed, and what to do."""
    for name in selection.deleted:
        yield (
            "the file of stack ",
            quote(name),
            " is gone, and what the stack declared is not: it keeps recording until somebody runs ",
            quote(format_command("destroy", name)),
            " with the file restored",
        )
    for old, new in selection.renamed:
        yield (
            "the file of stack ",
            quote(old),
            " is now that of ",
            quote(new),
            ", which is another stack with a state of its own: what ",
            quote(old),
            " started keeps recording, and where ",
            quote(new),
            " would record the same meeting, its deployment is refused, unless ",
            quote("on_conflict"),
            " says otherwise. Run ",
            quote(format_command(f"stack rename {shlex.quote(new)}", old)),
            " before it is deployed",
        )
