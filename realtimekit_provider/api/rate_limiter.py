"""A limiter that keeps all threads of a run together within the published rate_limits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable

from realtimekit_provider.api.settings import RateLimit

__all__ = ["RateLimiter"]


class RateLimiter:
    """Hands out permits so that no budget is exceeded in any window of its length.

    A permit that is not free yet is reserved: callers are served in their order, and none
    polls. ``clock`` tells monotonic seconds.
    """

    def __init__(self, rate_limits: Iterable[RateLimit], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows = [(budget, deque[float](maxlen=budget.calls)) for budget in rate_limits]

    def reserve(self, longest: float) -> float | None:
        """Return after how many seconds the caller may send, reserving that moment.

        ``None`` where it would be later than ``longest`` seconds from now; nothing is
        reserved then.
        """
        with self._lock:
            now = self._clock()
            moment = max([now, *(self._earliest(*window) for window in self._windows)])
            if moment - now > longest:
                return None
            for _, taken in self._windows:
                taken.append(moment)
            return moment - now

    @staticmethod
    def _earliest(budget: RateLimit, taken: deque[float]) -> float:
        return taken[0] + budget.seconds if len(taken) == budget.calls else 0.0
