"""Which stacks a change is about: those whose file changed, or all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from realtimekit_provider.cli.stack_files.git_changes import FileChange
from realtimekit_provider.cli.stack_files.project import parse_file_name

__all__ = ["MOST_JOBS", "Selection", "select_all", "select_stacks", "split_into_chunks"]

MOST_JOBS = 256
"""The jobs that a matrix of GitHub Actions may have (*Workflow syntax*)."""

_CONCERNS_NO_STACK = ("*.md", "LICENSE", "LICENSE.txt", "CODEOWNERS", ".editorconfig")
"""The names of files that no deployment reads, wherever they are."""

_TESTS = ("test_*.py", "conftest.py")
"""The names of files that pytest reads, and that no deployment does, below a folder ``tests``."""


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
    config_folder: PurePosixPath,
    suffix: str = ".yaml",
    ignored: Collection[PurePosixPath] = (),
) -> Selection:
    """Return the stacks that changes are about.

    Whatever is in the repository, and neither a stack's file nor known to concern none, concerns
    all: a program may read any file, wherever it stands.

    Args:
        stacks: The stacks that have a file.
        changes: What differs.
        config_folder: The folder of the stacks' files, relative to the repository.
        suffix: The end of the stacks' files.
        ignored: Files and folders that concern no stack, relative to the repository. A stack's
            file in such a folder still is one.
    """
    own: set[str] = set()
    deleted: set[str] = set()
    renamed: set[tuple[str, str]] = set()
    of_all: list[PurePosixPath] = []
    for change in changes:
        paths = (change.path, change.old_path or change.path)
        names = {path: _find_stack(path, config_folder, suffix) for path in paths}
        stack, old = (names[path] for path in paths)
        if stack is not None and not change.is_deleted:
            own.add(stack)
        if None not in (stack, old) and stack != old:
            renamed.add((str(old), str(stack)))
        elif old is not None and (change.is_deleted or stack is None):
            deleted.add(old)
        of_all += [
            path for path, name in names.items() if not name and not _concerns_none(path, ignored)
        ]
    if of_all:
        reason = f"{of_all[0]} changed, which concerns every stack"
        return Selection(sorted(stacks), reason, sorted(deleted), sorted(renamed))
    chosen = sorted(own & set(stacks))
    reason = "their files changed" if chosen else "nothing that concerns a stack changed"
    return Selection(chosen, reason, sorted(deleted), sorted(renamed))


def split_into_chunks(stacks: Sequence[str], size: int = MOST_JOBS) -> list[list[str]]:
    """Return the stacks in as few lists of at most ``size`` as hold them."""
    return [list(stacks[start : start + size]) for start in range(0, len(stacks), size)]


def _find_stack(path: PurePosixPath, folder: PurePosixPath, suffix: str) -> str | None:
    return parse_file_name(path.name, suffix) if path.parent == folder else None


def _concerns_none(path: PurePosixPath, ignored: Iterable[PurePosixPath]) -> bool:
    patterns = (*_CONCERNS_NO_STACK, *(_TESTS if "tests" in path.parts[:-1] else ()))
    is_known = any(fnmatchcase(path.name, pattern) for pattern in patterns)
    return is_known or any(map(path.is_relative_to, ignored))
