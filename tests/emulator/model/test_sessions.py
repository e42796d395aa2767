"""Sessions, as each request shows them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.api.sessions import (
    get_active_session,
    list_session_participants,
    list_sessions,
)
from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.messages import Request
from realtimekit_emulator.model.clock import Clock
from realtimekit_emulator.model.meeting import Meeting
from realtimekit_emulator.model.state import EmulatorState

APP = "app"
MEETINGS = 3
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "end", "wait"]),
        st.integers(0, MEETINGS - 1),
        st.sampled_from([0.0, 1.0, 59.0, 61.0]),
    ),
    max_size=30,
)


class Api:
    """The handlers of sessions over a state of their own, without a server."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.state = EmulatorState(clock=Clock(monotonic=lambda: self.time, start=lambda: 0.0))
        self.meetings = [self.state.meetings.create(APP, {}, self.now) for _ in range(MEETINGS)]

    @property
    def now(self) -> float:
        """Return the present time, at which everything that is due has happened."""
        return self.state.run_due_timers()

    def take_step(self, action: str, meeting: Meeting, seconds: float) -> None:
        """Let time pass, then somebody join or leave, or the session end, if that is possible."""
        self.time += seconds
        session = meeting.session
        if action == "join":
            self.state.meetings.join(meeting, "somebody", self.now)
        elif action == "leave" and session is not None and session.present:
            self.state.meetings.leave(meeting, min(session.present), self.now)
        elif action == "end" and self.now and meeting.session is not None:
            self.state.meetings.end_session(meeting, self.now)

    def create_request(self, lag: float = 0.0, **params: str) -> ApiRequest:
        """Return a request for live sessions."""
        request = Request(1, "GET", "", (("status", "LIVE"),), None, b"", self.now, 0)
        request.params = {"app_id": APP, **params}
        request.session_lag = lag
        return ApiRequest(request, self.state)

    def list_live(self, lag: float = 0.0) -> dict[str, dict[str, Any]]:
        """Return the sessions of the list by their meetings."""
        document = list_sessions(self.create_request(lag)).document
        return {one["associated_id"]: one for one in document["data"]["sessions"]}

    def find_active(self, meeting: Meeting) -> dict[str, Any] | None:
        """Return what a meeting's active-session shows, or None where it is a 404."""
        try:
            response = get_active_session(self.create_request(meeting_id=meeting.id))
        except NotFoundError:
            return None
        session: dict[str, Any] = response.document["data"]
        return session

    def list_present(self, session_id: str) -> list[str]:
        """Return the ids of the participants of a session who have not left."""
        document = list_session_participants(self.create_request(session_id=session_id)).document
        return [one["id"] for one in document["data"]["participants"] if one["left_at"] is None]


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_every_view_of_live_sessions_is_the_same(steps: list[tuple[str, int, float]]) -> None:
    """The list, each meeting's active session, its participants, and whether it can be recorded."""
    api = Api()
    for action, number, seconds in steps:
        api.take_step(action, api.meetings[number], seconds)
    listed = api.list_live()
    for meeting in api.meetings:
        active = api.find_active(meeting)
        assert listed.get(meeting.id) == active
        count = active["live_participants"] if active else 0
        assert (count == 0) == meeting.is_empty
        if active is not None:
            assert len(api.list_present(active["id"])) == count


@settings(max_examples=200, deadline=None)
@given(STEPS, STEPS)
def test_a_lagging_view_is_the_view_of_that_time(
    before: list[tuple[str, int, float]], after: list[tuple[str, int, float]]
) -> None:
    """Whatever has happened since, the list is what it was, but for the most people at once."""
    api = Api()
    for action, number, seconds in before:
        api.take_step(action, api.meetings[number], seconds)
    then, seen = api.now, api.list_live()
    api.time += 1
    for action, number, seconds in after:
        api.take_step(action, api.meetings[number], seconds)
    lagging = api.list_live(lag=api.now - then)
    for view in (*seen.values(), *lagging.values()):
        del view["max_concurrent_participants"], view["updated_at"]
    assert lagging == seen
