"""Everything that the emulator knows, put together."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from .access import Access
from .clock import Clock
from .delivery import Delivery
from .events import EventLog
from .faults import FaultBook
from .limits import Limits
from .meetings import Meetings
from .network import Network, NoNetwork
from .recordings import Recordings
from .request_log import RequestLog
from .settings import Settings
from .timers import Timers
from .views import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .calls import Call
    from .uploaders import Uploader


class World:
    """The state of one emulator; nothing of it is shared with another one."""

    def __init__(
        self,
        settings: Settings | None = None,
        access: Access | None = None,
        uploaders: Mapping[str, Uploader] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._first_settings = settings or Settings()
        self._first_access = access or Access()
        self.clock = clock or Clock()
        self.timers = Timers()
        self.delivery = Delivery(uploaders)
        self.network: Network = NoNetwork()
        self.base_url = ""
        self._begin()

    def reset(self) -> None:
        """Forget everything but the time, and return to the settings of the beginning."""
        self.timers.clear()
        self._begin()

    def now(self) -> float:
        """Let everything happen that is due, and return the present."""
        now = self.clock.now()
        self.timers.run_due(now)
        return now

    def view(self, call: Call, now: float) -> View:
        """Return how an answer to ``call`` looks at things."""
        as_of = now - call.lag if call.lag else None
        skew = self.settings.clock_skew_seconds + call.skew
        return View(self.settings, self.base_url, now, skew, as_of)

    def _begin(self) -> None:
        self.settings = self._first_settings
        self.access = copy.deepcopy(self._first_access)
        self.events = EventLog()
        self.limits = Limits()
        self.requests = RequestLog()
        self.faults = FaultBook()
        self.meetings = Meetings(self.timers, self.events, self._current)
        self.recordings = Recordings(
            self.clock, self.timers, self.events, self._current, self.delivery
        )
        self.meetings.on_emptied = self.recordings.emptied
        self.meetings.on_ended = self.recordings.ended

    def _current(self) -> Settings:
        return self.settings
