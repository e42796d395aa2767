"""What is to happen at a later time of the emulator's clock."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class Timers:
    """A queue of callbacks, ordered by the time when they are due.

    Nothing here sleeps: the owner of the queue calls `run_due`. `schedule_wakeup` is called when
    the next due time has changed, so that the owner knows when to do so.
    """

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()
        self.schedule_wakeup: Callable[[], None] = lambda: None

    def add(self, due: float, callback: Callable[[float], None]) -> None:
        """Call ``callback(due)`` when ``due`` has come."""
        entry = (due, next(self._order), callback)
        heapq.heappush(self._queue, entry)
        if self._queue[0] is entry:
            self.schedule_wakeup()

    def get_next_due(self) -> float | None:
        """Return when the next callback is due."""
        return self._queue[0][0] if self._queue else None

    def run_due(self, now: float) -> None:
        """Run every callback that is due, in order, each with the time it was due at."""
        while self._queue and self._queue[0][0] <= now:
            due, _, callback = heapq.heappop(self._queue)
            callback(due)

    def clear(self) -> None:
        """Forget everything."""
        self._queue.clear()
