"""The locks that a deployment runs into, read from what the Pulumi CLI says of them: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from realtimekit_provider.api.models.recording import parse_time

__all__ = ["CliRun", "Lock", "find_lock_file", "is_lock_error", "is_stale", "parse_locks"]

_LOCK_ERRORS = ("the stack is currently locked by", "Another update is currently in progress")
_LOCK = re.compile(
    r"^\s*(?P<url>\S+): created by (?P<user>.*)@(?P<host>\S*) \(pid (?P<process>\d+)\) "
    r"at (?P<time>\S+)$",
    re.MULTILINE,
)
_LOCK_FILE = re.compile(r"(/[^/]+)*/\.pulumi/locks(/[^/]+)+\.json")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_FRACTION = re.compile(r"\.\d+")


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

    @property
    def since(self) -> datetime | None:
        """When it was taken, to the second; ``None`` where that cannot be read."""
        return parse_time(_FRACTION.sub("", self.time))

    def __str__(self) -> str:
        """Return who holds it since when, for a person."""
        return f"{self.user}@{self.host}, process {self.process_id}, since {self.time}"


@dataclass(frozen=True)
class CliRun:
    """A run of the Pulumi CLI that this machine began, and that had its stack's lock.

    Attributes:
        host: This machine's name at that time.
        process_id: The process.
        begin: When it began, in seconds since the epoch.
        locked_by: When it had the lock at the latest, in the same seconds.
    """

    host: str
    process_id: int
    begin: float
    locked_by: float

    def has_taken(self, lock: Lock) -> bool:
        """Whether a lock of the same stack is the one that this run took."""
        since = lock.since
        return (
            (lock.host, lock.process_id) == (self.host, self.process_id)
            and since is not None
            and int(self.begin) <= since.timestamp() <= self.locked_by
        )


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


def is_stale(lock: Lock, ended: Iterable[CliRun]) -> bool:
    """Whether a lock was taken by a run that has ended.

    The host and the process that a lock names are no proof: containers share names, and count
    their processes from one. A run is: between its begin and the moment when it had the lock
    nobody else could take one that is still there.

    Args:
        lock: The lock.
        ended: The runs of this machine for the same stack of which no process is left.
    """
    return any(one.has_taken(lock) for one in ended)


def find_lock_file(lock: Lock) -> Path | None:
    """Return the file of a lock where the backend is a folder, ``None`` elsewhere.

    A user's name with a line break in it makes the CLI name any file: who can write one lock could
    have another file deleted, so only one where the backend keeps its locks is returned.
    """
    url = urlsplit(lock.url)
    path = unquote(url.path)
    is_lock = _LOCK_FILE.fullmatch(path) is not None and ".." not in path.split("/")
    return Path(path) if url.scheme == "file" and is_lock else None
