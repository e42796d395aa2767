"""The locks that a deployment runs into, read from what the Pulumi CLI says of them: pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["Lock", "find_lock_file", "is_lock_error", "is_stale", "parse_locks"]

_LOCK_ERRORS = ("the stack is currently locked by", "Another update is currently in progress")
_LOCK = re.compile(
    r"^\s*(?P<url>\S+): created by (?P<user>.*)@(?P<host>\S*) \(pid (?P<process>\d+)\) "
    r"at (?P<time>\S+)$",
    re.MULTILINE,
)
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Lock:
    """Who holds a stack's lock, as the file says that they wrote.

    Attributes:
        url: The file, in the backend's own spelling, without a password.
        user: The user's name on that machine.
        host: The machine's name.
        process_id: The id of the Pulumi CLI's process there.
        time: When it was taken, as RFC 3339.
    """

    url: str
    user: str
    host: str
    process_id: int
    time: str

    def __str__(self) -> str:
        """Return who holds it since when, for a person."""
        return f"{self.user}@{self.host}, process {self.process_id}, since {self.time}"


def is_lock_error(text: str) -> bool:
    """Whether a deployment was refused because another one runs.

    Source: ``checkForLock`` of the CLI's own backends, and the answer of Pulumi Cloud.
    """
    return any(one in text for one in _LOCK_ERRORS)


def parse_locks(text: str) -> tuple[Lock, ...]:
    """Return the locks that an error names; Pulumi Cloud names none."""
    return tuple(
        Lock(one["url"], one["user"], one["host"], int(one["process"]), one["time"])
        for one in _LOCK.finditer(_ESCAPES.sub("", text))
    )


def is_stale(lock: Lock, host: str, is_running: Callable[[int], bool]) -> bool:
    """Whether the process that took a lock is known to have ended: only of this machine it is.

    Args:
        lock: The lock.
        host: The name of this machine.
        is_running: Whether a process of an id runs here.
    """
    return lock.host == host and not is_running(lock.process_id)


def find_lock_file(lock: Lock) -> Path | None:
    """Return the file of a lock where the backend is a folder, ``None`` elsewhere."""
    url = urlsplit(lock.url)
    return Path(unquote(url.path)) if url.scheme == "file" else None
