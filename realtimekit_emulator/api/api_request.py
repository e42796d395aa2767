"""What a handler of the API gets: the request, and the state that it is about."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.api.serializer import Serializer
from realtimekit_emulator.api.session_serializer import SessionSerializer
from realtimekit_emulator.errors import NotFoundError
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
        sessions_as_of: The time as of which sessions are shown.
        page_limit: Entries that a fault allows on a page, or None.
        page_shift: Entries that a fault adds before every page but the first.
        params: What the path names: ``account_id``, ``app_id``, ``recording_id`` …
    """

    def __init__(self, request: Request, state: EmulatorState) -> None:
        self.state = state
        self.now = state.run_due_timers()
        self.as_of = self.now - request.lag if request.lag else None
        self.sessions_as_of = self.now - request.session_lag
        self.page_limit = request.page_limit
        self.page_shift = request.page_shift
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
    def token(self) -> str | None:
        """Return the bearer token."""
        return self._request.token

    @property
    def serializer(self) -> Serializer:
        """Return how the response shows meetings and recordings."""
        return Serializer(
            self.settings,
            self.state.origin,
            self.now,
            skew=self.state.get_skew(self._request),
            as_of=self.as_of,
        )

    @property
    def session_serializer(self) -> SessionSerializer:
        """Return how the response shows sessions."""
        return SessionSerializer(self.sessions_as_of, self.state.get_skew(self._request))

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
        """Return the session of the path; raises NotFoundError, also where a fault hides it."""
        session = self.state.meetings.get_session(self.params["session_id"], self.app_id)
        if session.started_at > self.sessions_as_of:
            raise NotFoundError("Session not found")
        return session

    def get_recording(self) -> Recording:
        """Return the recording of the path; raises NotFoundError."""
        return self.state.recordings.index.get(self.params["recording_id"], self.app_id)
