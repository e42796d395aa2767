"""The handlers of meetings and of their invited participants."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.api.envelopes import wrap_data
from realtimekit_emulator.api.query_parameters import read_page, read_time
from realtimekit_emulator.api.validation import (
    refuse_unknown_keys,
    require_boolean,
    require_choice,
    require_key,
    require_object,
    require_text,
)
from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.messages import Response
from realtimekit_emulator.model.meeting import Participant

_CREATED = 201
_BOOLEANS = (
    "live_stream_on_start",
    "persist_chat",
    "record_on_start",
    "summarize_on_end",
    "transcribe_on_end",
)
_OBJECTS = ("ai_config", "recording_config")
_OTHERS = ("title", "session_keep_alive_time_in_secs", "status")


def create_meeting(request: ApiRequest) -> Response:
    """Create a meeting."""
    options = _check_options(request.parse_body(allow_empty=True))
    meeting = request.state.meetings.create(request.app_id, options, request.now)
    return wrap_data(request.serializer.serialize_meeting(meeting), _CREATED)


def list_meetings(request: ApiRequest) -> Response:
    """Show a page of the app's meetings, the newest first."""
    page = read_page(request)
    meetings = request.state.meetings.list_by_app(request.app_id)
    search, status = request.query_value("search"), request.query_value("status")
    start, end = read_time(request, "start_time"), read_time(request, "end_time")
    if any(condition is not None for condition in (search, status, start, end)):
        meetings = [
            meeting
            for meeting in meetings
            if (search is None or search.lower() in f"{meeting.id}\n{meeting.title.lower()}")
            and (status is None or meeting.status == status)
            and (start is None or meeting.created_at >= start)
            and (end is None or meeting.created_at <= end)
        ]
    selected = page.select(meetings[::-1])
    serializer = request.serializer
    return wrap_data(
        [serializer.serialize_meeting(meeting) for meeting in selected],
        paging=page.describe(len(selected), len(meetings)),
    )


def get_meeting(request: ApiRequest) -> Response:
    """Show a meeting."""
    return wrap_data(request.serializer.serialize_meeting(request.get_meeting()))


def update_meeting(request: ApiRequest) -> Response:
    """Change a meeting; replacing one is the same here, since no option is required."""
    options = _check_options(request.parse_body())
    meeting = request.get_meeting()
    request.state.meetings.update(meeting, options, request.now)
    return wrap_data(request.serializer.serialize_meeting(meeting))


def add_participant(request: ApiRequest) -> Response:
    """Invite somebody to a meeting."""
    body = request.parse_body()
    for key in ("custom_participant_id", "preset_name"):
        require_text(require_key(body, key), key)
    refuse_unknown_keys(body, ("custom_participant_id", "preset_name", "name", "picture"))
    participant = request.state.meetings.invite(request.get_meeting(), body, request.now)
    document = request.serializer.serialize_participant(participant)
    return wrap_data({**document, "token": participant.token}, _CREATED)


def list_participants(request: ApiRequest) -> Response:
    """Show a page of a meeting's participants."""
    page = read_page(request)
    participants = list(request.get_meeting().participants.values())
    selected = page.select(participants)
    serializer = request.serializer
    return wrap_data(
        [serializer.serialize_participant(participant) for participant in selected],
        paging=page.describe(len(selected), len(participants)),
    )


def get_participant(request: ApiRequest) -> Response:
    """Show one participant."""
    return wrap_data(request.serializer.serialize_participant(_find_participant(request)))


def remove_participant(request: ApiRequest) -> Response:
    """Remove a participant from a meeting."""
    participant = _find_participant(request)
    del request.get_meeting().participants[participant.id]
    return wrap_data(request.serializer.serialize_participant(participant))


def _find_participant(request: ApiRequest) -> Participant:
    participant = request.get_meeting().participants.get(request.params["participant_id"])
    if participant is None:
        raise NotFoundError("Participant not found")
    return participant


def _check_options(body: dict[str, Any]) -> dict[str, Any]:
    if body.get("title") is not None:
        require_text(body["title"], "title", may_be_empty=True)
    for key in _BOOLEANS:
        if key in body:
            require_boolean(body[key], key)
    for key in _OBJECTS:
        if body.get(key) is not None:
            require_object(body[key], key)
    if "status" in body:
        require_choice(body["status"], ("ACTIVE", "INACTIVE"), "status")
    refuse_unknown_keys(body, (*_BOOLEANS, *_OBJECTS, *_OTHERS))
    return body
