"""The routes of live and past sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from realtimekit_emulator.api.envelopes import paging, success
from realtimekit_emulator.api.queries import moment, newest_first, page
from realtimekit_emulator.errors import NotFoundError

if TYPE_CHECKING:
    from realtimekit_emulator.model.meetings import Meeting, Session
    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request, Response


def active(state: EmulatorState, call: Request) -> Response:
    """Show the live session of a meeting."""
    now = state.now()
    return success(state.view(call, now).session(_live(_meeting(state, call))))


def kick_all(state: EmulatorState, call: Request) -> Response:
    """Make everybody leave a meeting."""
    now = state.now()
    meeting = _meeting(state, call)
    present = list(_live(meeting).present)
    for visit_id in present:
        state.meetings.leave(meeting, visit_id, now)
    return success({"action": "kick_all", "kicked_participants_count": len(present)})


def listing(state: EmulatorState, call: Request) -> Response:
    """Show a page of the app's sessions."""
    offset, size = page(call, state.settings)
    now = state.now()
    meeting_id, status = call.query_value("associated_id"), call.query_value("status")
    start, end = moment(call, "start_time"), moment(call, "end_time")
    sessions = [
        one
        for one in state.meetings.sessions_of_app(call.params["app_id"])
        if (meeting_id is None or one.meeting.id == meeting_id)
        and (status is None or status == ("LIVE" if one.ended_at is None else "ENDED"))
        and (start is None or one.started_at >= start)
        and (end is None or one.started_at <= end)
    ]
    if newest_first(call):
        sessions.reverse()
    shown = sessions[offset : offset + size]
    view = state.view(call, now)
    return success(
        {"sessions": [view.session(one) for one in shown]},
        paging=paging(offset, len(shown), len(sessions)),
    )


def get_one(state: EmulatorState, call: Request) -> Response:
    """Show a session."""
    now = state.now()
    session = state.meetings.session(call.params["session_id"], call.params["app_id"])
    return success(state.view(call, now).session(session))


def participants(state: EmulatorState, call: Request) -> Response:
    """Show who was in a session."""
    now = state.now()
    session = state.meetings.session(call.params["session_id"], call.params["app_id"])
    return success({"participants": state.view(call, now).visits(session)})


def _meeting(state: EmulatorState, call: Request) -> Meeting:
    return state.meetings.get(call.params["meeting_id"], call.params["app_id"])


def _live(meeting: Meeting) -> Session:
    if meeting.session is None:
        message = "No active session found for the meeting"
        raise NotFoundError(message)
    return meeting.session
