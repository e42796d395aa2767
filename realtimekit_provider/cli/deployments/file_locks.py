"""Who holds the lock of a stack whose state is in a folder of this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from realtimekit_provider.cli.deployments.lock_removal import find_stale_locks
from realtimekit_provider.cli.deployments.locks import Lock
from realtimekit_provider.cli.deployments.pid_files import hold_ended_runs, identify_stack
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo
from realtimekit_provider.cli.stack_files.project import Project

__all__ = ["StackLock", "is_deployed_now", "list_file_locks"]

_CLOUD = ("https://", "http://")


@dataclass(frozen=True)
class StackLock:
    """A lock that a deployment holds, or has left behind.

    Attributes:
        lock: Who took it, and when.
        is_stale: Whether it is known that its process has ended.
        unreadable: The path of its file where that cannot be read, with which nobody can deploy.
    """

    lock: Lock
    is_stale: bool
    unreadable: Path | None = None


def list_file_locks(backend_url: str, project: Project, stack: str) -> list[StackLock] | None:
    """Return the locks of a stack, which are files beside its state.

    Args:
        backend_url: The backend's URL; its locks are not known unless it begins with ``file://``.
        project: The project, in whose folder a relative URL begins.
        stack: The stack's name.

    Returns:
        The locks, ``None`` where they are not known.

    Raises:
        CommandError: The folder cannot be read.
    """
    if not backend_url.startswith("file://"):
        return None
    try:
        return _list_in_folder(backend_url, project, stack)
    except OSError as error:
        raise CommandError(f"the folder of locks cannot be read ({error.strerror})") from None


def is_deployed_now(
    info: StackInfo | None, backend_url: str, list_locks: Callable[[], Sequence[StackLock] | None]
) -> bool | None:
    """Whether a deployment of a stack runs, unless its lock is known to be left behind.

    Args:
        info: What the backend says of the stack, ``None`` where it does not have it.
        backend_url: The backend's URL.
        list_locks: Returns what :func:`list_file_locks` does; asked where the backend is silent.

    Returns:
        ``None`` where that is not known.
    """
    if info is not None and info.is_updating:
        return True
    if info is None or backend_url.startswith(_CLOUD):
        return False
    try:
        locks = list_locks()
    except CommandError:
        return None
    if locks is None:
        return None
    held = [one for one in locks if not one.is_stale]
    return None if held and all(one.unreadable for one in held) else bool(held)


def _list_in_folder(backend_url: str, project: Project, stack: str) -> list[StackLock]:
    state = _find_state_folder(backend_url, project.folder)
    folder = state / "locks" / "organization" / project.name / stack
    locks = list(_read_locks(folder)) if folder.is_dir() else []
    with hold_ended_runs(identify_stack(project, stack)) as ended:
        stale = find_stale_locks([one for one, _ in locks], ended)
    return [StackLock(one, one in stale, unreadable) for one, unreadable in locks]


def _find_state_folder(backend_url: str, project: Path) -> Path:
    parts = urlsplit(backend_url)
    written = unquote(f"{parts.netloc}{parts.path}")
    return (project / Path(written).expanduser()).resolve() / ".pulumi"


def _read_locks(folder: Path) -> Iterator[tuple[Lock, Path | None]]:
    for file in sorted(folder.glob("*.json")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue  # a deployment that has just ended
        except ValueError:
            content = None
        if isinstance(content, dict):
            yield _parse_lock(file, content), None
        else:
            yield _parse_lock(file, {}), file


def _parse_lock(file: Path, content: dict[str, object]) -> Lock:
    pid = content.get("pid")
    return Lock(
        file.as_uri(),
        str(content.get("username", "somebody")),
        str(content.get("hostname", "")),
        pid if isinstance(pid, int) else 0,
        str(content.get("timestamp", "")),
    )
