"""The routes of meetings and of those invited to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from realtimekit_emulator.api.body_checks import flag, mapping, one_of, only, required, text
from realtimekit_emulator.api.envelopes import paging, success
from realtimekit_emulator.api.queries import moment, page
from realtimekit_emulator.errors import NotFoundError

if TYPE_CHECKING:
    from realtimekit_emulator.model.meetings import Participant
    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request, Response

_CREATED = 201
_FLAGS = (
    "live_stream_on_start", "persist_chat", "record_on_start", "summarize_on_end",
    "transcribe_on_end",
)  # fmt: skip
_OBJECTS = ("ai_config", "recording_config")
_OTHERS = ("title", "session_keep_alive_time_in_secs", "status")


def create(state: EmulatorState, call: Request) -> Response:
    """Create a meeting."""
    options = _options(call.json_object(empty_allowed=True))
    now = state.now()
    meeting = state.meetings.create(call.params["app_id"], options, now)
    return success(state.view(call, now).meeting(meeting), _CREATED)


def listing(state: EmulatorState, call: Request) -> Response:
    """Show a page of the app's meetings, the newest first."""
    offset, size = page(call, state.settings)
    now = state.now()
    meetings = state.meetings.of_app(call.params["app_id"])
    search, status = call.query_value("search"), call.query_value("status")
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
    view = state.view(call, now)
    return success(
        [view.meeting(one) for one in shown], paging=paging(offset, len(shown), len(meetings))
    )


def get_one(state: EmulatorState, call: Request) -> Response:
    """Show a meeting."""
    meeting = state.meetings.get(call.params["meeting_id"], call.params["app_id"])
    return success(state.view(call, state.now()).meeting(meeting))


def change(state: EmulatorState, call: Request) -> Response:
    """Change a meeting; replacing one is the same here, since nothing is required."""
    options = _options(call.json_object())
    now = state.now()
    meeting = state.meetings.get(call.params["meeting_id"], call.params["app_id"])
    state.meetings.change(meeting, options, now)
    return success(state.view(call, now).meeting(meeting))


def invite(state: EmulatorState, call: Request) -> Response:
    """Add a participant."""
    body = call.json_object()
    for key in ("custom_participant_id", "preset_name"):
        text(required(body, key), key)
    only(body, ("custom_participant_id", "preset_name", "name", "picture"))
    now = state.now()
    meeting = state.meetings.get(call.params["meeting_id"], call.params["app_id"])
    participant = state.meetings.invite(meeting, body, now)
    shown = state.view(call, now).participant(participant)
    return success({**shown, "token": participant.token}, _CREATED)


def participants(state: EmulatorState, call: Request) -> Response:
    """Show a page of those invited."""
    offset, size = page(call, state.settings)
    meeting = state.meetings.get(call.params["meeting_id"], call.params["app_id"])
    everybody = list(meeting.participants.values())
    shown = everybody[offset : offset + size]
    view = state.view(call, state.now())
    return success(
        [view.participant(one) for one in shown], paging=paging(offset, len(shown), len(everybody))
    )


def participant(state: EmulatorState, call: Request) -> Response:
    """Show one of those invited."""
    return success(state.view(call, state.now()).participant(_participant(state, call)))


def uninvite(state: EmulatorState, call: Request) -> Response:
    """Remove a participant."""
    found = _participant(state, call)
    now = state.now()
    meeting = state.meetings.get(call.params["meeting_id"], call.params["app_id"])
    del meeting.participants[found.id]
    return success(state.view(call, now).participant(found))


def _participant(state: EmulatorState, call: Request) -> Participant:
    meeting = state.meetings.get(call.params["meeting_id"], call.params["app_id"])
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
