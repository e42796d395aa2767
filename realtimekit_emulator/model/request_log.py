"""Every request that the emulated API received."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from realtimekit_emulator.messages import Request
from realtimekit_emulator.uploads.registry import SECRET_FIELDS

_SECRETS = SECRET_FIELDS | {"token"}
_REDACTED = "[redacted]"
_MAX_ENTRIES = 100_000


@dataclass
class LogEntry:
    """One request; ``status`` is None where no response was sent.

    ``faults`` are the kinds of the faults that matched it, ``body`` is empty where bodies are not
    kept.
    """

    number: int
    time: float
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    route: str
    ray: str
    port: int
    body: bytes = field(repr=False)
    status: int | None = None
    faults: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as the control API shows it, without the secrets of its body.

        Keys: number, time, method, path, query, route, ray, port, status, faults, body.
        """
        return {
            "number": self.number,
            "time": self.time,
            "method": self.method,
            "path": self.path,
            "query": [list(pair) for pair in self.query],
            "route": self.route,
            "ray": self.ray,
            "port": self.port,
            "status": self.status,
            "faults": list(self.faults),
            "body": _show_body(self.body),
        }


class RequestLog:
    """The latest hundred thousand requests, in memory only, and counts of all of them by route."""

    def __init__(self) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=_MAX_ENTRIES)
        self.counts: Counter[str] = Counter()

    def add(self, request: Request, *, keep_body: bool) -> LogEntry:
        """Add a request; its entry is to be completed with faults and status."""
        entry = LogEntry(
            number=request.number,
            time=request.received,
            method=request.method,
            path=request.path,
            query=request.query,
            route=request.route,
            ray=request.ray,
            port=request.port,
            body=request.body if keep_body else b"",
        )
        self._entries.append(entry)
        self.counts[request.route] += 1
        return entry

    def list_entries(self, route: str | None = None, after: int = 0) -> list[LogEntry]:
        """Return the requests to one route or to all, after a request's number."""
        return [
            entry
            for entry in self._entries
            if entry.number > after and (route is None or entry.route == route)
        ]

    def get_body(self, number: int) -> bytes | None:
        """Return what one request sent, secrets included; None where it is not in the log."""
        if not self._entries:
            return None
        index = number - self._entries[0].number
        return self._entries[index].body if 0 <= index < len(self._entries) else None


def _show_body(body: bytes) -> Any:
    if not body:
        return None
    try:
        return _redact(json.loads(body))
    except ValueError:
        return f"[{len(body)} bytes that are not JSON]"


def _redact(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _REDACTED if key in _SECRETS and one else _redact(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_redact(one) for one in value]
    return value
