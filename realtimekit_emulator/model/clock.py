"""The emulator's own time, which can be moved forward, scaled or frozen."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import formatdate


class Clock:
    """Seconds since 1970 that start at real time and can then pass faster, slower or not at all.

    ``scale`` is how many seconds pass in one real second: 1 is real time, 60 is a minute a
    second, 0 freezes. Time never goes back, so what is ordered by time stays ordered.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        start: Callable[[], float] = time.time,
    ) -> None:
        self._monotonic = monotonic
        self._anchor = monotonic()
        self._base = start()
        self.scale = 1.0

    def now(self) -> float:
        """Return the present second."""
        return self._base + (self._monotonic() - self._anchor) * self.scale

    def advance(self, seconds: float) -> None:
        """Jump ``seconds`` ahead; raises ValueError for a negative number."""
        if seconds < 0:
            raise ValueError("time cannot go back")
        self._base += seconds

    def set_scale(self, scale: float) -> None:
        """Let time pass ``scale`` times as fast from now on; raises ValueError if negative."""
        if scale < 0:
            raise ValueError("time cannot go back")
        self._base = self.now()
        self._anchor = self._monotonic()
        self.scale = scale

    def get_real_seconds_until(self, timestamp: float) -> float | None:
        """Return the real seconds until ``timestamp``, or None while time is frozen."""
        if self.scale == 0:
            return None
        return max(0.0, (timestamp - self.now()) / self.scale)


def format_iso(timestamp: float) -> str:
    """Write a time as the API does: UTC, milliseconds, Z."""
    text = datetime.fromtimestamp(timestamp, tz=timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def format_http_date(timestamp: float) -> str:
    """Write a time as HTTP headers do."""
    return formatdate(timestamp, usegmt=True)
