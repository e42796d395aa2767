"""The routes of live and past sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .envelopes import paging, success
from .queries import moment, newest_first, page
from .refusals import NotFoundError

if TYPE_CHECKING:
    from .calls import Answer, Call
    from .meetings import Meeting, Session
    from .world import World


def active(world: World, call: Call) -> Answer:
    """Show the live session of a meeting."""
    now = world.now()
    return success(world.view(call, now).session(_live(_meeting(world, call))))


def kick_all(world: World, call: Call) -> Answer:
    """Make everybody leave a meeting."""
    now = world.now()
    meeting = _meeting(world, call)
    present = list(_live(meeting).present)
    for visit_id in present:
        world.meetings.leave(meeting, visit_id, now)
    return success({"action": "kick_all", "kicked_participants_count": len(present)})


def listing(world: World, call: Call) -> Answer:
    """Show a page of the app's sessions."""
    offset, size = page(call, world.settings)
    now = world.now()
    meeting_id, status = call.asked("associated_id"), call.asked("status")
    start, end = moment(call, "start_time"), moment(call, "end_time")
    sessions = [
        one
        for one in world.meetings.sessions_of_app(call.params["app_id"])
        if (meeting_id is None or one.meeting.id == meeting_id)
        and (status is None or status == ("LIVE" if one.ended_at is None else "ENDED"))
        and (start is None or one.started_at >= start)
        and (end is None or one.started_at <= end)
    ]
    if newest_first(call):
        sessions.reverse()
    shown = sessions[offset : offset + size]
    view = world.view(call, now)
    return success(
        {"sessions": [view.session(one) for one in shown]},
        paging=paging(offset, len(shown), len(sessions)),
    )


def get_one(world: World, call: Call) -> Answer:
    """Show a session."""
    now = world.now()
    session = world.meetings.session(call.params["session_id"], call.params["app_id"])
    return success(world.view(call, now).session(session))


def participants(world: World, call: Call) -> Answer:
    """Show who was in a session."""
    now = world.now()
    session = world.meetings.session(call.params["session_id"], call.params["app_id"])
    return success({"participants": world.view(call, now).visits(session)})


def _meeting(world: World, call: Call) -> Meeting:
    return world.meetings.get(call.params["meeting_id"], call.params["app_id"])


def _live(meeting: Meeting) -> Session:
    if meeting.session is None:
        message = "No active session found for the meeting"
        raise NotFoundError(message)
    return meeting.session
