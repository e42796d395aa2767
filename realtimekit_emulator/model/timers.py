"""What is to happen at a later moment of the emulator's clock."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Timers:
    """A queue of calls ordered by the moment when they are due.

    Nothing here sleeps: whoever owns the queue calls `run_due`. `set_alarm` is called when a
    new call became the next one, so that the owner knows when to do so.
    """

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()
        self.set_alarm: Callable[[], None] = lambda: None

    def add(self, due: float, call: Callable[[float], None]) -> None:
        """Request ``call(due)`` when ``due`` has come."""
        entry = (due, next(self._order), call)
        heapq.heappush(self._queue, entry)
        if self._queue[0] is entry:
            self.set_alarm()

    def next_due(self) -> float | None:
        """Return when the next call is due."""
        return self._queue[0][0] if self._queue else None

    def run_due(self, now: float) -> None:
        """Make every call that is due, in order, each with the moment it was due at."""
        while self._queue and self._queue[0][0] <= now:
            due, _, call = heapq.heappop(self._queue)
            call(due)

    def clear(self) -> None:
        """Forget everything."""
        self._queue.clear()
