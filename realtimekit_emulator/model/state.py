"""Everything that the emulator knows, put together."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from realtimekit_emulator.api.serializers import View
from realtimekit_emulator.faults import FaultRegistry
from realtimekit_emulator.model.clock import Clock
from realtimekit_emulator.model.events import EventLog
from realtimekit_emulator.model.meetings import Meetings
from realtimekit_emulator.model.network import Network, NoNetwork
from realtimekit_emulator.model.recordings import Recordings
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.model.timers import Timers
from realtimekit_emulator.server.access import Access
from realtimekit_emulator.server.limits import Limits
from realtimekit_emulator.server.request_log import RequestLog
from realtimekit_emulator.uploads.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from realtimekit_emulator.server.messages import Request
    from realtimekit_emulator.uploads import Uploader


class EmulatorState:
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

    def view(self, call: Request, now: float) -> View:
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
        self.faults = FaultRegistry()
        self.meetings = Meetings(self.timers, self.events, self._current)
        self.recordings = Recordings(
            self.clock, self.timers, self.events, self._current, self.delivery
        )
        self.meetings.on_emptied = self.recordings.emptied
        self.meetings.on_ended = self.recordings.ended

    def _current(self) -> Settings:
        return self.settings
