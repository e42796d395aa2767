"""The emulator's own time, which can be moved forward, scaled or frozen."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from email.utils import formatdate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Seconds since 1970 that begin at real time and then go their own way.

    ``scale`` is how many seconds pass in one real second: 1 is real time, 60 is a minute a
    second, 0 freezes. Time never goes back, so what is ordered by time stays ordered.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        begin: Callable[[], float] = time.time,
    ) -> None:
        self._monotonic = monotonic
        self._anchor = monotonic()
        self._base = begin()
        self.scale = 1.0

    def now(self) -> float:
        """Return the present second."""
        return self._base + (self._monotonic() - self._anchor) * self.scale

    def advance(self, seconds: float) -> None:
        """Jump ``seconds`` ahead."""
        if seconds < 0:
            message = "time cannot go back"
            raise ValueError(message)
        self._base += seconds

    def set_scale(self, scale: float) -> None:
        """Let time pass ``scale`` times as fast from now on."""
        if scale < 0:
            message = "time cannot go back"
            raise ValueError(message)
        self._base = self.now()
        self._anchor = self._monotonic()
        self.scale = scale

    def real_seconds_until(self, moment: float) -> float | None:
        """Return the real seconds until ``moment``, or None while time is frozen."""
        if self.scale == 0:
            return None
        return max(0.0, (moment - self.now()) / self.scale)


def iso(moment: float) -> str:
    """Write a moment as the API does: UTC, milliseconds, Z."""
    text = datetime.fromtimestamp(moment, tz=timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def http_date(moment: float) -> str:
    """Write a moment as HTTP headers do."""
    return formatdate(moment, usegmt=True)
