"""The routes of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from realtimekit_emulator.api.body_checks import one_of, only, required
from realtimekit_emulator.api.envelopes import paging, success
from realtimekit_emulator.api.queries import moment, newest_first, page, yes_or_no
from realtimekit_emulator.api.start_body import StartBody
from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.model.recording import STATUSES, Reason
from realtimekit_emulator.model.recording_index import RecordingQuery
from realtimekit_emulator.model.recordings import StartRequest

if TYPE_CHECKING:
    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request, Response

_ACTIONS = ("pause", "resume", "stop")
_CALLER_ID = "d61f6956-0000-4000-8000-000000000001"
API_CALLER = Reason("API_CALL", "ORGANIZATION", "RealtimeKit_emulator", _CALLER_ID)


def start_track(state: EmulatorState, call: Request) -> Response:
    """Start a track recording."""
    body = StartBody(call.json_object(), state.settings)
    now = state.now()
    meeting = state.meetings.get(body.meeting_id, call.params["app_id"])
    order = StartRequest(meeting, body.layers, API_CALLER, body.user_ids, body.max_seconds)
    recording = state.recordings.start(order, now)
    view, settings = state.view(call, now), state.settings
    if settings.start_answer == "none":
        return success({}, settings.start_status)
    if settings.start_answer == "nested":
        return success({"recording": view.brief(recording)}, settings.start_status)
    return success(view.recording(recording), settings.start_status)


def act(state: EmulatorState, call: Request) -> Response:
    """Pause, resume or stop a recording."""
    body = call.json_object()
    action = one_of(required(body, "action"), _ACTIONS, "action")
    only(body, ("action",))
    now = state.now()
    recording = state.recordings.index.get(call.params["recording_id"], call.params["app_id"])
    if action == "pause":
        state.recordings.pause(recording, now)
    elif action == "resume":
        state.recordings.resume(recording, now)
    else:
        state.recordings.stop(recording, API_CALLER, now)
    return success(state.view(call, now).recording(recording))


def get_one(state: EmulatorState, call: Request) -> Response:
    """Show one recording."""
    now = state.now()
    recording = state.recordings.index.get(call.params["recording_id"], call.params["app_id"])
    if call.lag and recording.status_at(now - call.lag) is None:
        message = "Recording not found"
        raise NotFoundError(message)
    return success(state.view(call, now).recording(recording))


def active(state: EmulatorState, call: Request) -> Response:
    """Show the active recording of a meeting."""
    now = state.now()
    meeting = state.meetings.get(call.params["meeting_id"], call.params["app_id"])
    as_of = now - call.lag if call.lag else None
    recording = state.recordings.active(meeting, as_of)
    if recording is None:
        message = "No active recording found for the meeting"
        raise NotFoundError(message)
    return success(state.view(call, now).brief(recording))


def listing(state: EmulatorState, call: Request) -> Response:
    """Show a page of the app's recordings."""
    offset, size = page(call, state.settings)
    if call.query_value("sort_by") is not None:
        one_of(call.query_value("sort_by"), ("invokedTime",), "sort_by")
    now = state.now()
    app_id = call.params["app_id"]
    wanted = RecordingQuery(
        offset=offset,
        size=size,
        newest_first=newest_first(call),
        meeting_id=call.query_value("meeting_id"),
        search=call.query_value("search"),
        statuses=frozenset(one_of(one, STATUSES, "status") for one in call.query_values("status")),
        start=moment(call, "start_time"),
        end=moment(call, "end_time"),
        expired=yes_or_no(call, "expired"),
        expired_before=now - state.settings.link_seconds,
        as_of=now - call.lag if call.lag else None,
    )
    shown, total = state.recordings.index.page(app_id, wanted)
    view = state.view(call, now)
    return success([view.listed(one) for one in shown], paging=paging(offset, len(shown), total))
