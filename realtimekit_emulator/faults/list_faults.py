"""Faults of the list of sessions, and of the pages of every list."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt, PrivateAttr
from typing_extensions import override

from realtimekit_emulator.faults.base import FaultBehavior
from realtimekit_emulator.messages import Request, Response
from realtimekit_emulator.model.state import EmulatorState


class SessionLag(FaultBehavior):
    """Sessions are read as they were some seconds or some requests ago.

    One that has begun is not seen yet, and one that has ended still seems to be live.
    """

    seconds: NonNegativeFloat = Field(
        default=5.0, description="the age of what is read, in seconds of the emulator's clock"
    )
    requests: NonNegativeInt | None = Field(
        default=None,
        description="the age in affected requests instead, before the first of which there was no "
        "session; none counts seconds",
    )
    _times: list[float] = PrivateAttr(default_factory=list)

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Make this response show an earlier time."""
        self._times.append(request.received)
        request.session_lag = max(request.session_lag, self._get_age())
        return None

    def _get_age(self) -> float:
        if self.requests is None:
            return self.seconds
        if self.requests >= len(self._times):
            return math.inf
        return self._times[-1] - self._times[-1 - self.requests]


class SmallPages(FaultBehavior):
    """Pages have fewer entries than were asked for."""

    size: PositiveInt = Field(default=10, description="the most entries of a page")

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Limit the page."""
        request.page_limit = self.size
        return None


class ShiftedPages(FaultBehavior):
    """Entries come or go between two pages, so that some are on both, or on neither."""

    effect: Literal["repeat", "skip"] = Field(
        default="repeat", description="every page but the first repeats entries, or skips them"
    )
    entries: PositiveInt = Field(default=1, description="the number of those entries")

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Shift the page, unless it is the first."""
        request.page_shift = self.entries if self.effect == "repeat" else -self.entries
        return None
