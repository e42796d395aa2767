"""Which resource has which mark."""

from __future__ import annotations

import threading

__all__ = ["MarkRegistry"]


class MarkRegistry:
    """The marks of the resources that a deployment has checked, each with its URN."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urns: dict[str, str] = {}

    def register_mark(self, mark: str, urn: str) -> str | None:
        """Remember whose mark it is; return the URN of another resource that has it."""
        with self._lock:
            first = self._urns.setdefault(mark, urn)
            return first if first != urn else None

    def find_urn(self, mark: str) -> str | None:
        """Return the resource with this mark, ``None`` where none that was checked has it."""
        with self._lock:
            return self._urns.get(mark)
