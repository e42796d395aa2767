"""Who holds the lock of a stack whose state is in a folder of this machine."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from realtimekit_provider.api.models.recording import parse_time
from realtimekit_provider.cli.pulumi_cli.sessions import is_running

__all__ = ["StackLock", "list_file_locks"]


@dataclass(frozen=True)
class StackLock:
    """A lock that a deployment holds, or has left behind.

    Attributes:
        holder: User and host of the process, as they were written.
        pid: The process.
        since: When it was taken, ``None`` where that cannot be read.
        is_left_behind: Whether its process was on this host and is gone.
    """

    holder: str
    pid: int
    since: datetime | None
    is_left_behind: bool


def list_file_locks(backend_url: str, project: Path, name: str, stack: str) -> list[StackLock]:
    """Return the locks of a stack, which are files beside its state.

    Args:
        backend_url: A URL that begins with ``file://``.
        project: The project's folder, which a relative URL begins at.
        name: The project's name.
        stack: The stack's name.

    Raises:
        OSError: The folder cannot be read.
    """
    folder = _find_state_folder(backend_url, project) / "locks" / "organization" / name / stack
    return list(_read_locks(folder)) if folder.is_dir() else []


def _find_state_folder(backend_url: str, project: Path) -> Path:
    parts = urlsplit(backend_url)
    written = unquote(f"{parts.netloc}{parts.path}")
    return (project / Path(written).expanduser()) / ".pulumi"


def _read_locks(folder: Path) -> Iterator[StackLock]:
    for file in sorted(folder.glob("*.json")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (ValueError, FileNotFoundError):
            continue  # a deployment that has just ended
        if isinstance(content, dict):
            yield _parse_lock(content)


def _parse_lock(content: dict[str, object]) -> StackLock:
    host, pid = str(content.get("hostname", "")), content.get("pid")
    number = pid if isinstance(pid, int) else 0
    return StackLock(
        f"{content.get('username', 'somebody')}@{host}",
        number,
        parse_time(_cut_nanoseconds(str(content.get("timestamp", "")))),
        is_left_behind=host == socket.gethostname() and number > 0 and not is_running(number),
    )


def _cut_nanoseconds(text: str) -> str:
    """Return a time with at most the six digits that Python reads."""
    whole, dot, fraction = text.partition(".")
    digits = fraction.rstrip("Z")
    return f"{whole}.{digits[:6]:0<6}Z" if dot and digits.isdigit() else text
