"""Which stacks a change is about: those whose file changed, or all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from realtimekit_provider.cli.stack_files.git_changes import FileChange

__all__ = ["MOST_JOBS", "Selection", "select_all", "select_stacks", "split_into_chunks"]

MOST_JOBS = 256
"""The jobs that a matrix of GitHub Actions may have (*Workflow syntax*)."""

_CONCERNS_NO_STACK = (
    ".editorconfig",
    ".git*",
    ".github/*",
    "*.md",
    "LICENSE*",
    "docs/*",
    "pipelines/*",
    "tests/*",
)


@dataclass(frozen=True)
class Selection:
    """The stacks that a pipeline deploys, and what became of others.

    Attributes:
        stacks: Their names, sorted.
        reason: Why these.
        deleted: The stacks whose file is gone, while what they declared may still be there.
        renamed: The old and the new name of each stack whose file was renamed.
    """

    stacks: Sequence[str]
    reason: str
    deleted: Sequence[str] = ()
    renamed: Sequence[tuple[str, str]] = ()


def select_all(stacks: Iterable[str], reason: str) -> Selection:
    """Return all stacks."""
    return Selection(sorted(stacks), reason)


def select_stacks(
    stacks: Collection[str],
    changes: Iterable[FileChange],
    project: PurePosixPath,
    config_folder: PurePosixPath,
    suffix: str = ".yaml",
) -> Selection:
    """Return the stacks that changes are about.

    Whatever is in the project's folder, and neither a stack's file nor known to concern none
    (docs, tests, workflows), concerns all.

    Args:
        stacks: The stacks that have a file.
        changes: What differs.
        project: The project's folder, relative to the repository.
        config_folder: The folder of the stacks' files, relative to the repository.
        suffix: The end of the stacks' files.
    """
    own: set[str] = set()
    deleted: set[str] = set()
    renamed: list[tuple[str, str]] = []
    of_all: list[str] = []
    for change in changes:
        stack = _find_stack(change.path, config_folder, suffix)
        old = _find_stack(change.old_path, config_folder, suffix) if change.old_path else None
        if stack is None:
            of_all += _list_concerning_all(change, project)
        elif change.is_deleted:
            deleted.add(stack)
        else:
            own.add(stack)
        if old is not None and stack is not None:
            renamed.append((old, stack))
        elif old is not None:
            deleted.add(old)
    if of_all:
        reason = f"{of_all[0]} changed, which concerns every stack"
        return Selection(sorted(stacks), reason, sorted(deleted), sorted(renamed))
    chosen = sorted(own & set(stacks))
    return Selection(chosen, "their files changed", sorted(deleted), sorted(renamed))


def split_into_chunks(stacks: Sequence[str], size: int = MOST_JOBS) -> list[list[str]]:
    """Return the stacks in as few lists of at most ``size`` as hold them."""
    return [list(stacks[start : start + size]) for start in range(0, len(stacks), size)]


def _find_stack(path: PurePosixPath, folder: PurePosixPath, suffix: str) -> str | None:
    name = path.name
    if path.parent != folder or not (name.startswith("Pulumi.") and name.endswith(suffix)):
        return None
    return name.removeprefix("Pulumi.").removesuffix(suffix) or None


def _list_concerning_all(change: FileChange, project: PurePosixPath) -> Iterator[str]:
    for path in (change.path, change.old_path):
        if path is None or not path.is_relative_to(project):
            continue
        inside = str(path.relative_to(project))
        if not any(fnmatchcase(inside, pattern) for pattern in _CONCERNS_NO_STACK):
            yield inside
