"""The files that differ between two commits, as git tells them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.redaction import redact

__all__ = ["FileChange", "find_repository", "list_changes"]

_TIMEOUT = 60.0


@dataclass(frozen=True)
class FileChange:
    """A file that differs.

    Attributes:
        path: Where it is now, relative to the repository; where it was, if it was deleted.
        old_path: Where it was, if it was renamed.
        is_deleted: Whether it is not there any more.
    """

    path: PurePosixPath
    old_path: PurePosixPath | None = None
    is_deleted: bool = False


def find_repository(folder: Path) -> Path:
    """Return the top folder of the git repository that ``folder`` is in.

    Raises:
        CommandError: It is in none, git does not read it, or there is no git.
    """
    done = _run_git(folder, "rev-parse", "--show-toplevel")
    if done.returncode != 0:
        # Git says why, and how to trust a folder that belongs to another user, as in a container.
        message = redact(os.fsdecode(done.stderr).strip().removeprefix("fatal: "))
        raise CommandError(f"git does not read {folder}: {message}", ExitCode.CONFIGURATION)
    return Path(os.fsdecode(done.stdout).removesuffix("\n"))


def list_changes(repository: Path, base: str) -> list[FileChange] | None:
    """Return what differs between ``base`` and the checked-out commit.

    The two are compared as they are. After a push that went back to an older commit, nothing has
    changed since the two have parted, and what is deployed is another one all the same.

    Args:
        repository: The repository's top folder.
        base: A branch, a tag or a commit.

    Returns:
        ``None`` where the repository does not have ``base``, as after a forced push, or in a
        clone without its history.
    """
    # A name that begins with a dash is still a name.
    found = _run_git(
        repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}"
    )
    if found.returncode != 0:
        return None
    commit = os.fsdecode(found.stdout).strip()
    # A repository may have set that a submodule's changes are not shown.
    options = ("--name-status", "--find-renames", "--ignore-submodules=none", "-z")
    done = _run_git(repository, "diff", *options, commit, "HEAD")
    return list(_parse(os.fsdecode(done.stdout))) if done.returncode == 0 else None


def _parse(text: str) -> Iterator[FileChange]:
    parts = iter(text.split("\0"))
    for status in parts:
        if not status:
            return
        path = PurePosixPath(next(parts))
        if status[0] in "RC":
            renamed = PurePosixPath(next(parts))
            yield FileChange(renamed, path if status[0] == "R" else None)
        else:
            yield FileChange(path, is_deleted=status == "D")


def _run_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603  # the arguments are a list, no shell reads them
            ["git", *arguments],  # noqa: S607  # where the user has it
            cwd=folder,
            # Bytes: a pull request chooses the names of files, and in a text "\\r" becomes "\\n".
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise CommandError("git is not on PATH", ExitCode.CONFIGURATION) from None
    except subprocess.TimeoutExpired:
        raise CommandError(
            f"git did not answer within {_TIMEOUT:.0f} s", ExitCode.TIMEOUT
        ) from None
