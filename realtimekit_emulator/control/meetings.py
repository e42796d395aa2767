"""The control handlers of meetings: people join and leave, sessions end."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.control.control_request import ControlRequest
from realtimekit_emulator.errors import ConflictError, InvalidRequestError
from realtimekit_emulator.model.meeting import Meeting
from realtimekit_emulator.model.recording import (
    FILE_FORMATS,
    MP4,
    TRACK,
    TYPES,
    Layer,
    Output,
    Reason,
    StartRequest,
    create_composite_request,
)

_OPTIONS = ("title", "record_on_start")
_BUCKET_LAYER = Layer("default", (Output("REALTIMEKIT_BUCKET"),))


def create_meeting(request: ControlRequest) -> Any:
    """Create a meeting with some people in it."""
    state, body = request.state, request.body
    app_id = body.get("app_id") or state.access.apps[0]
    options = {name: body[name] for name in _OPTIONS if body.get(name) is not None}
    meeting = state.meetings.create(app_id, options, request.now)
    for number in range(int(body.get("participants", 0))):
        state.meetings.join(meeting, f"participant {number + 1}", request.now)
    return _to_dict(meeting)


def list_meetings(request: ControlRequest) -> Any:
    """List the meetings of every app."""
    state = request.state
    return [
        _to_dict(meeting)
        for app_id in state.access.apps
        for meeting in state.meetings.list_by_app(app_id)
    ]


def get_meeting(request: ControlRequest) -> Any:
    """Show a meeting."""
    return _to_dict(request.get_meeting())


def join_meeting(request: ControlRequest) -> Any:
    """Let somebody join; the id in the response is needed for leaving."""
    name = str(request.body.get("name", "somebody"))
    visit = request.state.meetings.join(request.get_meeting(), name, request.now)
    return {"id": visit.id, "name": visit.name}


def leave_meeting(request: ControlRequest) -> Any:
    """Let one participant leave, or all where none is named."""
    meeting = request.get_meeting()
    participant = request.body.get("participant")
    if participant is None and meeting.is_empty:
        raise ConflictError("nobody is in the meeting")
    if participant or meeting.session is None:
        leaving = [participant]
    else:
        leaving = list(meeting.session.present)
    for visit_id in leaving:
        request.state.meetings.leave(meeting, str(visit_id), request.now)
    return _to_dict(meeting)


def end_session(request: ControlRequest) -> Any:
    """End the live session."""
    meeting = request.get_meeting()
    request.state.meetings.end_session(meeting, request.now)
    return _to_dict(meeting)


def start_recording(request: ControlRequest) -> Any:
    """Start a recording of any type as somebody in the dashboard would."""
    body, meeting = request.body, request.get_meeting()
    reason = Reason(str(body.get("reason", "API_CALL")), "USER", "dashboard")
    if _get_choice(body, "type", TYPES, TRACK) == TRACK:
        start = StartRequest(meeting, (_BUCKET_LAYER,), reason)
    else:
        file_format = _get_choice(body, "file_format", FILE_FORMATS, MP4)
        start = create_composite_request(meeting, reason, file_format)
    return {"id": request.state.recordings.start(start, request.now).id}


def _get_choice(body: dict[str, Any], name: str, choices: tuple[str, ...], default: str) -> str:
    value = str(body.get(name, default))
    if value not in choices:
        raise InvalidRequestError(f"{name} must be one of {', '.join(choices)}")
    return value


def _to_dict(meeting: Meeting) -> dict[str, Any]:
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
    "POST meetings": create_meeting,
    "GET meetings": list_meetings,
    "GET meetings/*": get_meeting,
    "POST meetings/*/join": join_meeting,
    "POST meetings/*/leave": leave_meeting,
    "POST meetings/*/end": end_session,
    "POST meetings/*/recordings": start_recording,
}
