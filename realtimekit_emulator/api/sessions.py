"""The handlers of live and past sessions."""

from __future__ import annotations

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.api.envelopes import build_paging, wrap_data
from realtimekit_emulator.api.query_parameters import is_newest_first, read_page, read_time
from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.messages import Response
from realtimekit_emulator.model.meeting import Meeting, Session


def get_active_session(request: ApiRequest) -> Response:
    """Show the live session of a meeting."""
    session = _get_live_session(request.get_meeting())
    return wrap_data(request.serializer.serialize_session(session))


def kick_all(request: ApiRequest) -> Response:
    """Make everybody leave a meeting."""
    meeting = request.get_meeting()
    present = list(_get_live_session(meeting).present)
    for visit_id in present:
        request.state.meetings.leave(meeting, visit_id, request.now)
    return wrap_data({"action": "kick_all", "kicked_participants_count": len(present)})


def list_sessions(request: ApiRequest) -> Response:
    """Show a page of the app's sessions."""
    offset, size = read_page(request)
    meeting_id, status = request.query_value("associated_id"), request.query_value("status")
    start, end = read_time(request, "start_time"), read_time(request, "end_time")
    sessions = [
        session
        for session in request.state.meetings.list_sessions(request.app_id)
        if (meeting_id is None or session.meeting.id == meeting_id)
        and (status is None or status == ("LIVE" if session.ended_at is None else "ENDED"))
        and (start is None or session.started_at >= start)
        and (end is None or session.started_at <= end)
    ]
    if is_newest_first(request):
        sessions.reverse()
    page = sessions[offset : offset + size]
    serializer = request.serializer
    return wrap_data(
        {"sessions": [serializer.serialize_session(session) for session in page]},
        paging=build_paging(offset, len(page), len(sessions)),
    )


def get_session(request: ApiRequest) -> Response:
    """Show a session."""
    return wrap_data(request.serializer.serialize_session(request.get_session()))


def list_session_participants(request: ApiRequest) -> Response:
    """Show who was in a session."""
    visits = request.serializer.serialize_visits(request.get_session())
    return wrap_data({"participants": visits})


def _get_live_session(meeting: Meeting) -> Session:
    if meeting.session is None:
        raise NotFoundError("No active session found for the meeting")
    return meeting.session
