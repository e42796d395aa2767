"""The API's rate limits, and the limiter that keeps all threads of a deployment below them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["DEFAULT_RATE_LIMITS", "RateLimit", "RateLimiter", "scaled_limits"]


@dataclass(frozen=True)
class RateLimit:
    """At most ``calls`` requests in any ``seconds`` seconds."""

    calls: int
    seconds: float


DEFAULT_RATE_LIMITS = (RateLimit(950, 60.0), RateLimit(240, 10.0), RateLimit(1150, 300.0))
"""Just below the published limits: 1000 requests for recordings in 50 to 60 s, 250 of
RealtimeKit in 10 s, 1200 of any kind in 5 minutes for a token."""


def scaled_limits(share: float) -> tuple[RateLimit, ...]:
    """Return a share of the default limits, of each at least one call; none of them for 0."""
    if not share:
        return ()
    return tuple(
        RateLimit(max(1, int(limit.calls * share)), limit.seconds) for limit in DEFAULT_RATE_LIMITS
    )


class RateLimiter:
    """Tells each caller when it may send, so that no limit is exceeded in any of its windows.

    What cannot be sent yet is reserved for later: callers are served in their order, and none
    polls. ``clock`` returns monotonic seconds.
    """

    def __init__(self, limits: Iterable[RateLimit], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows = [(limit, deque[float](maxlen=limit.calls)) for limit in limits]

    def reserve(self, timeout: float) -> float | None:
        """Return after how many seconds the caller may send, reserving that time.

        ``None`` where it would be later than ``timeout`` seconds from now; nothing is
        reserved then.
        """
        with self._lock:
            now = self._clock()
            send_at = max([now, *(self._earliest(*window) for window in self._windows)])
            if send_at - now > timeout:
                return None
            for _, reserved in self._windows:
                reserved.append(send_at)
            return send_at - now

    @staticmethod
    def _earliest(limit: RateLimit, reserved: deque[float]) -> float:
        return reserved[0] + limit.seconds if len(reserved) == limit.calls else 0.0
