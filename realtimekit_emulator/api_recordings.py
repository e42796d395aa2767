"""The routes of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .checks import one_of, only, required
from .envelopes import paging, success
from .queries import moment, newest_first, page, yes_or_no
from .recording import STATUSES, Reason
from .recording_index import Wanted
from .recordings import Order
from .refusals import NotFoundError
from .start_body import StartBody

if TYPE_CHECKING:
    from .calls import Answer, Call
    from .world import World

_ACTIONS = ("pause", "resume", "stop")
_CALLER_ID = "d61f6956-0000-4000-8000-000000000001"
API_CALLER = Reason("API_CALL", "ORGANIZATION", "RealtimeKit_emulator", _CALLER_ID)


def start_track(world: World, call: Call) -> Answer:
    """Start a track recording."""
    body = StartBody(call.json_object(), world.settings)
    now = world.now()
    meeting = world.meetings.get(body.meeting_id, call.params["app_id"])
    order = Order(meeting, body.layers, API_CALLER, body.user_ids, body.max_seconds)
    recording = world.recordings.start(order, now)
    view, settings = world.view(call, now), world.settings
    if settings.start_answer == "none":
        return success({}, settings.start_status)
    if settings.start_answer == "nested":
        return success({"recording": view.brief(recording)}, settings.start_status)
    return success(view.recording(recording), settings.start_status)


def act(world: World, call: Call) -> Answer:
    """Pause, resume or stop a recording."""
    body = call.json_object()
    action = one_of(required(body, "action"), _ACTIONS, "action")
    only(body, ("action",))
    now = world.now()
    recording = world.recordings.index.get(call.params["recording_id"], call.params["app_id"])
    if action == "pause":
        world.recordings.pause(recording, now)
    elif action == "resume":
        world.recordings.resume(recording, now)
    else:
        world.recordings.stop(recording, API_CALLER, now)
    return success(world.view(call, now).recording(recording))


def get_one(world: World, call: Call) -> Answer:
    """Show one recording."""
    now = world.now()
    recording = world.recordings.index.get(call.params["recording_id"], call.params["app_id"])
    if call.lag and recording.status_at(now - call.lag) is None:
        message = "Recording not found"
        raise NotFoundError(message)
    return success(world.view(call, now).recording(recording))


def active(world: World, call: Call) -> Answer:
    """Show the active recording of a meeting."""
    now = world.now()
    meeting = world.meetings.get(call.params["meeting_id"], call.params["app_id"])
    as_of = now - call.lag if call.lag else None
    recording = world.recordings.active(meeting, as_of)
    if recording is None:
        message = "No active recording found for the meeting"
        raise NotFoundError(message)
    return success(world.view(call, now).brief(recording))


def listing(world: World, call: Call) -> Answer:
    """Show a page of the app's recordings."""
    offset, size = page(call, world.settings)
    if call.asked("sort_by") is not None:
        one_of(call.asked("sort_by"), ("invokedTime",), "sort_by")
    now = world.now()
    app_id = call.params["app_id"]
    wanted = Wanted(
        offset=offset,
        size=size,
        newest_first=newest_first(call),
        meeting_id=call.asked("meeting_id"),
        search=call.asked("search"),
        statuses=frozenset(one_of(one, STATUSES, "status") for one in call.asked_all("status")),
        start=moment(call, "start_time"),
        end=moment(call, "end_time"),
        expired=yes_or_no(call, "expired"),
        expired_before=now - world.settings.link_seconds,
        as_of=now - call.lag if call.lag else None,
    )
    shown, total = world.recordings.index.page(app_id, wanted)
    view = world.view(call, now)
    return success([view.listed(one) for one in shown], paging=paging(offset, len(shown), total))
