"""What a handler of the API gets: the request, and the state that it is about."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.api.serializer import Serializer
from realtimekit_emulator.messages import Request
from realtimekit_emulator.model.meeting import Meeting, Session
from realtimekit_emulator.model.recording import Recording
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.model.state import EmulatorState


class ApiRequest:
    """A request to a route of the API.

    Attributes:
        state: The state of the emulator.
        now: The time of the response.
        as_of: The time as of which recordings are shown, where a fault makes it another one.
        params: What the path names: ``account_id``, ``app_id``, ``recording_id`` …
    """

    def __init__(self, request: Request, state: EmulatorState) -> None:
        self.state = state
        self.now = state.run_due_timers()
        self.as_of = self.now - request.lag if request.lag else None
        self.params = request.params
        self._request = request

    @property
    def settings(self) -> Settings:
        """Return the settings as they are now."""
        return self.state.settings

    @property
    def app_id(self) -> str:
        """Return the app of the path."""
        return self.params["app_id"]

    @property
    def serializer(self) -> Serializer:
        """Return how the response shows meetings, sessions and recordings."""
        return Serializer(
            self.settings,
            self.state.origin,
            self.now,
            skew=self.state.get_skew(self._request),
            as_of=self.as_of,
        )

    def parse_body(self, *, allow_empty: bool = False) -> dict[str, Any]:
        """Return the JSON object in the body; raises ApiError where there is none."""
        return self._request.parse_object(allow_empty=allow_empty)

    def query_value(self, name: str) -> str | None:
        """Return a query parameter, or None."""
        return self._request.query_value(name)

    def query_values(self, name: str) -> list[str]:
        """Return every value of a query parameter."""
        return self._request.query_values(name)

    def get_meeting(self) -> Meeting:
        """Return the meeting of the path; raises NotFoundError."""
        return self.state.meetings.get(self.params["meeting_id"], self.app_id)

    def get_session(self) -> Session:
        """Return the session of the path; raises NotFoundError."""
        return self.state.meetings.get_session(self.params["session_id"], self.app_id)

    def get_recording(self) -> Recording:
        """Return the recording of the path; raises NotFoundError."""
        return self.state.recordings.index.get(self.params["recording_id"], self.app_id)
