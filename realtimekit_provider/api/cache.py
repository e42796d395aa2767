"""Many look-ups of one run at the price of a list: pages, not recordings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from realtimekit_provider.api.models.recording import Recording

__all__ = ["UnfinishedCache"]

_ASKED_ONE_BY_ONE = 3
_FRESH_FOR = 30.0


class UnfinishedCache:
    """The recordings of an app that can still change, listed once for all threads of a run.

    The first few look-ups are left to be asked one by one, since a small stack is cheaper that
    way. What the list does not hold has to be asked for: it may have ended, or the list lags.
    """

    def __init__(
        self, listed: Callable[[], Iterable[Recording]], clock: Callable[[], float]
    ) -> None:
        self._listed = listed
        self._clock = clock
        self._lock = threading.Lock()
        self._look_ups = 0
        self._read_at: float | None = None
        self._recordings: dict[str, Recording] = {}

    def get(self, recording_id: str) -> Recording | None:
        """Return the recording if the list holds it; ``None`` where it has to be asked for."""
        with self._lock:
            self._look_ups += 1
            if self._look_ups <= _ASKED_ONE_BY_ONE:
                return None
            if self._read_at is None or self._clock() - self._read_at > _FRESH_FOR:
                self._recordings = {found.id: found for found in self._listed()}
                self._read_at = self._clock()
            return self._recordings.get(recording_id)
