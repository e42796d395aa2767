"""The processes of a session: everything that a process group of the Pulumi CLI has started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["is_running", "kill_session", "list_session"]

_PROCESSES = Path("/proc")
_ZOMBIE = "Z"


def list_session(session_id: int) -> list[int]:
    """Return the ids of the running processes of a session.

    Args:
        session_id: The id of the process that began it, which need not run any more.
    """
    return [one for one in _list_processes() if _get_session(one) == session_id]


def kill_session(session_id: int, *, keep: Collection[int] = ()) -> None:
    """Kill the processes of a session, but for those to keep."""
    for process_id in list_session(session_id):
        if process_id not in keep:
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)


def is_running(process_id: int) -> bool:
    """Whether a process of this id runs on this machine, whoever started it."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process_id in set(_list_processes())


def _get_session(process_id: int) -> int | None:
    with suppress(ProcessLookupError, PermissionError):
        return os.getsid(process_id)
    return None


def _list_processes() -> Iterator[int]:
    """Yield the processes that have not ended: a zombie has, and only waits to be noticed."""
    if (_PROCESSES / "self" / "stat").exists():
        yield from _read_linux_processes()
        return
    command = ["ps", "-A", "-o", "pid=,stat="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    for line in listed.stdout.splitlines():
        process_id, state = line.split()
        if not state.startswith(_ZOMBIE):
            yield int(process_id)


def _read_linux_processes() -> Iterator[int]:
    for folder in _PROCESSES.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                # The name of the program is in parentheses, and may hold any character.
                fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2]
                if fields.split()[0] != _ZOMBIE:
                    yield int(folder.name)
