"""Control routes of meetings: people come and go, sessions end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from realtimekit_emulator.errors import ConflictError
from realtimekit_emulator.model.recording import Layer, Output, Reason
from realtimekit_emulator.model.recordings import StartRequest

if TYPE_CHECKING:
    from realtimekit_emulator.model.meetings import Meeting
    from realtimekit_emulator.model.state import EmulatorState

    Given = dict[str, Any]
    Params = dict[str, str]

_BUCKET = Layer("default", (Output("REALTIMEKIT_BUCKET"),))


def create(state: EmulatorState, params: Params, given: Given) -> Any:
    """Create a meeting with some people in it."""
    del params
    now = state.clock.now()
    app_id = given.get("app_id") or state.access.apps[0]
    options = {} if given.get("title") is None else {"title": str(given["title"])}
    meeting = state.meetings.create(app_id, options, now)
    for number in range(int(given.get("participants", 0))):
        state.meetings.join(meeting, f"participant {number + 1}", now)
    return _shown(meeting)


def listing(state: EmulatorState, params: Params, given: Given) -> Any:
    """List the meetings of every app."""
    del params, given
    return [_shown(one) for app in state.access.apps for one in state.meetings.of_app(app)]


def get_one(state: EmulatorState, params: Params, given: Given) -> Any:
    """Show a meeting."""
    del given
    return _shown(state.meetings.get(params["id"]))


def join(state: EmulatorState, params: Params, given: Given) -> Any:
    """Let somebody enter; the answer's id is what leaving needs."""
    meeting = state.meetings.get(params["id"])
    visit = state.meetings.join(meeting, str(given.get("name", "somebody")), state.clock.now())
    return {"id": visit.id, "name": visit.name}


def leave(state: EmulatorState, params: Params, given: Given) -> Any:
    """Let one go, or everybody where nobody is named."""
    meeting = state.meetings.get(params["id"])
    named = given.get("participant")
    if named is None and meeting.session is None:
        message = "nobody is in the meeting"
        raise ConflictError(message)
    leaving = [named] if named or not meeting.session else list(meeting.session.present)
    for visit_id in leaving:
        state.meetings.leave(meeting, str(visit_id), state.clock.now())
    return _shown(meeting)


def end(state: EmulatorState, params: Params, given: Given) -> Any:
    """End the live session."""
    del given
    meeting = state.meetings.get(params["id"])
    state.meetings.end_session(meeting, state.clock.now())
    return _shown(meeting)


def record(state: EmulatorState, params: Params, given: Given) -> Any:
    """Start a recording as somebody in the dashboard would."""
    meeting = state.meetings.get(params["id"])
    reason = Reason(str(given.get("reason", "API_CALL")), "USER", "dashboard")
    recording = state.recordings.start(StartRequest(meeting, (_BUCKET,), reason), state.clock.now())
    return {"id": recording.id}


def _shown(meeting: Meeting) -> dict[str, Any]:
    session = meeting.session
    return {
        "id": meeting.id,
        "app_id": meeting.app_id,
        "title": meeting.title,
        "session_id": None if session is None else session.id,
        "participants": []
        if session is None
        else [visit_id for visit_id in session.visits if visit_id in session.present],
    }


ROUTES = {
    "POST meetings": create,
    "GET meetings": listing,
    "GET meetings/*": get_one,
    "POST meetings/*/join": join,
    "POST meetings/*/leave": leave,
    "POST meetings/*/end": end,
    "POST meetings/*/recordings": record,
}
