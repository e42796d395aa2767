"""Control routes of meetings: people come and go, sessions end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .recording import Layer, Output, Reason
from .recordings import Order
from .refusals import ConflictError

if TYPE_CHECKING:
    from .meetings import Meeting
    from .world import World

    Given = dict[str, Any]
    Params = dict[str, str]

_BUCKET = Layer("default", (Output("REALTIMEKIT_BUCKET"),))


def create(world: World, params: Params, given: Given) -> Any:
    """Create a meeting with some people in it."""
    del params
    now = world.clock.now()
    app_id = given.get("app_id") or world.access.apps[0]
    options = {} if given.get("title") is None else {"title": str(given["title"])}
    meeting = world.meetings.create(app_id, options, now)
    for number in range(int(given.get("participants", 0))):
        world.meetings.join(meeting, f"participant {number + 1}", now)
    return _shown(meeting)


def listing(world: World, params: Params, given: Given) -> Any:
    """List the meetings of every app."""
    del params, given
    return [_shown(one) for app in world.access.apps for one in world.meetings.of_app(app)]


def get_one(world: World, params: Params, given: Given) -> Any:
    """Show a meeting."""
    del given
    return _shown(world.meetings.get(params["id"]))


def join(world: World, params: Params, given: Given) -> Any:
    """Let somebody enter; the answer's id is what leaving needs."""
    meeting = world.meetings.get(params["id"])
    visit = world.meetings.join(meeting, str(given.get("name", "somebody")), world.clock.now())
    return {"id": visit.id, "name": visit.name}


def leave(world: World, params: Params, given: Given) -> Any:
    """Let one go, or everybody where nobody is named."""
    meeting = world.meetings.get(params["id"])
    named = given.get("participant")
    if named is None and meeting.session is None:
        message = "nobody is in the meeting"
        raise ConflictError(message)
    leaving = [named] if named or not meeting.session else list(meeting.session.present)
    for visit_id in leaving:
        world.meetings.leave(meeting, str(visit_id), world.clock.now())
    return _shown(meeting)


def end(world: World, params: Params, given: Given) -> Any:
    """End the live session."""
    del given
    meeting = world.meetings.get(params["id"])
    world.meetings.end_session(meeting, world.clock.now())
    return _shown(meeting)


def record(world: World, params: Params, given: Given) -> Any:
    """Start a recording as somebody in the dashboard would."""
    meeting = world.meetings.get(params["id"])
    reason = Reason(str(given.get("reason", "API_CALL")), "USER", "dashboard")
    recording = world.recordings.start(Order(meeting, (_BUCKET,), reason), world.clock.now())
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
