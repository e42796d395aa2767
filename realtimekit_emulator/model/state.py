"""The state of the emulated API, put together."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from realtimekit_emulator.messages import Request
from realtimekit_emulator.model.access import Access
from realtimekit_emulator.model.clock import Clock
from realtimekit_emulator.model.delivery import Delivery
from realtimekit_emulator.model.events import EventLog
from realtimekit_emulator.model.meetings import Meetings
from realtimekit_emulator.model.network import Network, NoNetwork
from realtimekit_emulator.model.rate_limits import RateLimits
from realtimekit_emulator.model.recordings import Recordings
from realtimekit_emulator.model.request_log import RequestLog
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.model.timers import Timers
from realtimekit_emulator.uploads import Uploader


class EmulatorState:
    """Everything that requests, faults and the control API read and change.

    Attributes:
        origin: Scheme, host and port of the server, with which download links begin.
        network: The listening socket.
    """

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
        self.origin = ""
        self._set_first_state()

    def reset(self) -> None:
        """Forget everything but the time, return to the first settings, accept connections."""
        self.timers.clear()
        self._set_first_state()
        self.network.accept_connections()

    def run_due_timers(self) -> float:
        """Let everything happen that is due, and return the present time."""
        now = self.clock.now()
        self.timers.run_due(now)
        return now

    def get_skew(self, request: Request) -> float:
        """Return the seconds by which the response's clock is ahead, by setting and by faults."""
        return self.settings.clock_skew_seconds + request.skew

    def _set_first_state(self) -> None:
        self.settings = self._first_settings
        self.access = copy.deepcopy(self._first_access)
        self.events = EventLog()
        self.rate_limits = RateLimits()
        self.requests = RequestLog()
        self.meetings = Meetings(self.timers, self.events, self._get_settings)
        self.recordings = Recordings(
            self.clock, self.timers, self.events, self._get_settings, self.delivery
        )
        self.meetings.on_session_start = self.recordings.record_on_start
        self.meetings.on_empty = self.recordings.schedule_end_of_empty_meeting
        self.meetings.on_session_end = self.recordings.end_recordings

    def _get_settings(self) -> Settings:
        return self.settings
