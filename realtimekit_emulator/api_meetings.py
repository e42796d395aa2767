"""The routes of meetings and of those invited to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .checks import flag, mapping, one_of, only, required, text
from .envelopes import paging, success
from .queries import moment, page
from .refusals import NotFoundError

if TYPE_CHECKING:
    from .calls import Answer, Call
    from .meetings import Participant
    from .world import World

_CREATED = 201
_FLAGS = (
    "live_stream_on_start", "persist_chat", "record_on_start", "summarize_on_end",
    "transcribe_on_end",
)  # fmt: skip
_OBJECTS = ("ai_config", "recording_config")
_OTHERS = ("title", "session_keep_alive_time_in_secs", "status")


def create(world: World, call: Call) -> Answer:
    """Create a meeting."""
    options = _options(call.json_object(empty_allowed=True))
    now = world.now()
    meeting = world.meetings.create(call.params["app_id"], options, now)
    return success(world.view(call, now).meeting(meeting), _CREATED)


def listing(world: World, call: Call) -> Answer:
    """Show a page of the app's meetings, the newest first."""
    offset, size = page(call, world.settings)
    now = world.now()
    meetings = world.meetings.of_app(call.params["app_id"])
    search, status = call.asked("search"), call.asked("status")
    start, end = moment(call, "start_time"), moment(call, "end_time")
    if any(filters is not None for filters in (search, status, start, end)):
        meetings = [
            one
            for one in meetings
            if (search is None or search.lower() in f"{one.id}\n{one.title.lower()}")
            and (status is None or one.status == status)
            and (start is None or one.created_at >= start)
            and (end is None or one.created_at <= end)
        ]
    last = len(meetings) - offset
    shown = meetings[max(0, last - size) : max(0, last)][::-1]
    view = world.view(call, now)
    return success(
        [view.meeting(one) for one in shown], paging=paging(offset, len(shown), len(meetings))
    )


def get_one(world: World, call: Call) -> Answer:
    """Show a meeting."""
    meeting = world.meetings.get(call.params["meeting_id"], call.params["app_id"])
    return success(world.view(call, world.now()).meeting(meeting))


def change(world: World, call: Call) -> Answer:
    """Change a meeting; replacing one is the same here, since nothing is required."""
    options = _options(call.json_object())
    now = world.now()
    meeting = world.meetings.get(call.params["meeting_id"], call.params["app_id"])
    world.meetings.change(meeting, options, now)
    return success(world.view(call, now).meeting(meeting))


def invite(world: World, call: Call) -> Answer:
    """Add a participant."""
    body = call.json_object()
    for key in ("custom_participant_id", "preset_name"):
        text(required(body, key), key)
    only(body, ("custom_participant_id", "preset_name", "name", "picture"))
    now = world.now()
    meeting = world.meetings.get(call.params["meeting_id"], call.params["app_id"])
    participant = world.meetings.invite(meeting, body, now)
    shown = world.view(call, now).participant(participant)
    return success({**shown, "token": participant.token}, _CREATED)


def participants(world: World, call: Call) -> Answer:
    """Show a page of those invited."""
    offset, size = page(call, world.settings)
    meeting = world.meetings.get(call.params["meeting_id"], call.params["app_id"])
    everybody = list(meeting.participants.values())
    shown = everybody[offset : offset + size]
    view = world.view(call, world.now())
    return success(
        [view.participant(one) for one in shown], paging=paging(offset, len(shown), len(everybody))
    )


def participant(world: World, call: Call) -> Answer:
    """Show one of those invited."""
    return success(world.view(call, world.now()).participant(_participant(world, call)))


def uninvite(world: World, call: Call) -> Answer:
    """Remove a participant."""
    found = _participant(world, call)
    now = world.now()
    meeting = world.meetings.get(call.params["meeting_id"], call.params["app_id"])
    del meeting.participants[found.id]
    return success(world.view(call, now).participant(found))


def _participant(world: World, call: Call) -> Participant:
    meeting = world.meetings.get(call.params["meeting_id"], call.params["app_id"])
    found = meeting.participants.get(call.params["participant_id"])
    if found is None:
        message = "Participant not found"
        raise NotFoundError(message)
    return found


def _options(body: dict[str, Any]) -> dict[str, Any]:
    if body.get("title") is not None:
        text(body["title"], "title", empty=True)
    for key in _FLAGS:
        if key in body:
            flag(body[key], key)
    for key in _OBJECTS:
        if body.get(key) is not None:
            mapping(body[key], key)
    if "status" in body:
        one_of(body["status"], ("ACTIVE", "INACTIVE"), "status")
    only(body, (*_FLAGS, *_OBJECTS, *_OTHERS))
    return body
