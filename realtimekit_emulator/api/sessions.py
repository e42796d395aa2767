"""The handlers of live and past sessions."""

from __future__ import annotations

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.api.envelopes import wrap_data
from realtimekit_emulator.api.query_parameters import is_newest_first, read_page, read_time
from realtimekit_emulator.api.validation import require_choice
from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.messages import Response
from realtimekit_emulator.model.meeting import Session

_STATUSES = ("LIVE", "ENDED")
_ORDERS = ("minutesConsumed", "createdAt")


def get_active_session(request: ApiRequest) -> Response:
    """Show the live session of a meeting."""
    session = _get_live_session(request, request.sessions_as_of)
    return wrap_data(request.session_serializer.serialize_session(session))


def kick_all(request: ApiRequest) -> Response:
    """Make everybody leave a meeting."""
    meeting = request.get_meeting()
    present = list(_get_live_session(request, request.now).present)
    for visit_id in present:
        request.state.meetings.leave(meeting, visit_id, request.now)
    return wrap_data({"action": "kick_all", "kicked_participants_count": len(present)})


def list_sessions(request: ApiRequest) -> Response:
    """Show a page of the app's sessions, by default the newest first."""
    page = read_page(request)
    sessions = [
        session
        for session in request.state.meetings.list_sessions(request.app_id)
        if session.started_at <= request.sessions_as_of
    ]
    sessions = _sort(request, _filter(request, sessions))
    selected = page.select(sessions)
    serializer = request.session_serializer
    return wrap_data(
        {"sessions": [serializer.serialize_session(session) for session in selected]},
        paging=page.describe(len(selected), len(sessions)),
    )


def get_session(request: ApiRequest) -> Response:
    """Show a session."""
    return wrap_data(request.session_serializer.serialize_session(request.get_session()))


def list_session_participants(request: ApiRequest) -> Response:
    """Show who was in a session."""
    visits = request.session_serializer.serialize_visits(request.get_session())
    return wrap_data({"participants": visits})


def _filter(request: ApiRequest, sessions: list[Session]) -> list[Session]:
    meeting_id, status = request.query_value("associated_id"), request.query_value("status")
    if status is not None:
        require_choice(status, _STATUSES, "status")
    search = (request.query_value("search") or "").lower()
    start, end = read_time(request, "start_time"), read_time(request, "end_time")
    as_of = request.sessions_as_of
    return [
        session
        for session in sessions
        if (meeting_id is None or session.meeting.id == meeting_id)
        and (status is None or session.is_live_at(as_of) == (status == "LIVE"))
        and search in f"{session.meeting.title}\n{session.meeting.id}\n{session.id}".lower()
        and (start is None or session.started_at >= start)
        and (end is None or session.started_at <= end)
    ]


def _sort(request: ApiRequest, sessions: list[Session]) -> list[Session]:
    order = request.query_value("sort_by")
    if order is not None and require_choice(order, _ORDERS, "sort_by") == "minutesConsumed":
        sessions.sort(key=lambda session: session.count_minutes(request.sessions_as_of))
    return sessions[::-1] if is_newest_first(request) else sessions


def _get_live_session(request: ApiRequest, as_of: float) -> Session:
    session = request.get_meeting().find_live_session(as_of)
    if session is None:
        raise NotFoundError("No active session found for the meeting")
    return session
