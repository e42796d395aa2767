"""Every request that the emulated API received."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from realtimekit_emulator.server.messages import Request

_SECRETS = frozenset({"access_key", "secret", "password", "private_key", "token"})
_HIDDEN = "[redacted]"
_MOST_ENTRIES = 100_000


@dataclass
class Entry:
    """One request; ``status`` is None where no answer was sent."""

    number: int
    time: float
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    route: str
    ray: str
    port: int
    size: int
    body: bytes = field(repr=False)
    status: int | None = None
    faults: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """Return the entry without any secret of its body."""
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
            "body": _readable(self.body),
        }


class RequestLog:
    """The latest hundred thousand requests, in memory only, and counts of all of them."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_MOST_ENTRIES)
        self.counts: Counter[str] = Counter()

    def add(self, call: Request, *, keep_body: bool) -> Entry:
        """Write a request down."""
        entry = Entry(
            call.number, call.received, call.method, call.path, call.query, call.route, call.ray,
            call.port, len(call.body), call.body if keep_body else b"",
        )  # fmt: skip
        self._entries.append(entry)
        self.counts[call.route] += 1
        return entry

    def entries(self, route: str | None = None, after: int = 0) -> list[Entry]:
        """Return the requests to one route or to all, after a request's number."""
        return [
            entry
            for entry in self._entries
            if entry.number > after and (route is None or entry.route == route)
        ]

    def body(self, number: int) -> bytes | None:
        """Return what one request sent, secrets included."""
        if not self._entries:
            return None
        place = number - self._entries[0].number
        return self._entries[place].body if 0 <= place < len(self._entries) else None


def _readable(body: bytes) -> Any:
    if not body:
        return None
    try:
        return _redacted(json.loads(body))
    except ValueError:
        return f"[{len(body)} bytes that are not JSON]"


def _redacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _HIDDEN if key in _SECRETS and one else _redacted(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_redacted(one) for one in value]
    return value
