"""The status of many recordings at the price of a list: a call for each page, not for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from realtimekit_provider.api.models.recording import Recording

__all__ = ["UnfinishedCache"]

_UNCACHED_CALLS = 3
_MAX_AGE = 30.0


class UnfinishedCache:
    """The recordings of an app that can still change, listed once for all threads of a run.

    The first three are not answered from it, since a small stack is cheaper by asking for each.
    What the list does not hold has to be asked for: it may have ended, or the list is late.
    """

    def __init__(
        self, list_unfinished: Callable[[], Iterable[Recording]], clock: Callable[[], float]
    ) -> None:
        self._list_unfinished = list_unfinished
        self._clock = clock
        self._lock = threading.Lock()
        self._calls = 0
        self._read_at: float | None = None
        self._recordings: dict[str, Recording] = {}

    def get(self, recording_id: str) -> Recording | None:
        """Return the recording if the list holds it; ``None`` where it has to be asked for."""
        with self._lock:
            self._calls += 1
            if self._calls <= _UNCACHED_CALLS:
                return None
            if self._read_at is None or self._clock() - self._read_at > _MAX_AGE:
                self._recordings = {one.id: one for one in self._list_unfinished()}
                self._read_at = self._clock()
            return self._recordings.get(recording_id)
