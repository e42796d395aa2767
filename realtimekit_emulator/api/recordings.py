"""The handlers of recordings."""

from __future__ import annotations

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.api.envelopes import wrap_data
from realtimekit_emulator.api.query_parameters import (
    is_newest_first,
    read_boolean,
    read_page,
    read_time,
)
from realtimekit_emulator.api.start_body import StartBody
from realtimekit_emulator.api.validation import refuse_unknown_keys, require_choice, require_key
from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.messages import Response
from realtimekit_emulator.model.recording import STATUSES, Reason, StartRequest
from realtimekit_emulator.model.recording_index import RecordingQuery

_ACTIONS = ("pause", "resume", "stop")
_CALLER_ID = "d61f6956-0000-4000-8000-000000000001"
_API_CALLER = Reason("API_CALL", "ORGANIZATION", "RealtimeKit_emulator", _CALLER_ID)


def start_track_recording(request: ApiRequest) -> Response:
    """Start a track recording."""
    settings = request.settings
    body = StartBody(request.parse_body(), settings)
    meeting = request.state.meetings.get(body.meeting_id, request.app_id)
    start = StartRequest(meeting, body.layers, _API_CALLER, body.user_ids, body.max_seconds)
    recording = request.state.recordings.start(start, request.now)
    if settings.start_answer == "none":
        return wrap_data({}, settings.start_status)
    if settings.start_answer == "nested":
        summary = request.serializer.serialize_summary(recording)
        return wrap_data({"recording": summary}, settings.start_status)
    return wrap_data(request.serializer.serialize_recording(recording), settings.start_status)


def act_on_recording(request: ApiRequest) -> Response:
    """Pause, resume or stop a recording."""
    body = request.parse_body()
    action = require_choice(require_key(body, "action"), _ACTIONS, "action")
    refuse_unknown_keys(body, ("action",))
    recording = request.get_recording()
    if action == "pause":
        request.state.recordings.pause(recording, request.now)
    elif action == "resume":
        request.state.recordings.resume(recording, request.now)
    else:
        request.state.recordings.stop(recording, _API_CALLER, request.now)
    return wrap_data(request.serializer.serialize_recording(recording))


def get_recording(request: ApiRequest) -> Response:
    """Show one recording."""
    recording = request.get_recording()
    if request.as_of is not None and recording.get_status_at(request.as_of) is None:
        raise NotFoundError("Recording not found")
    return wrap_data(request.serializer.serialize_recording(recording))


def get_active_recording(request: ApiRequest) -> Response:
    """Show the active recording of a meeting."""
    recording = request.state.recordings.find_active(request.get_meeting(), request.as_of)
    if recording is None:
        raise NotFoundError("No active recording found for the meeting")
    return wrap_data(request.serializer.serialize_summary(recording))


def list_recordings(request: ApiRequest) -> Response:
    """Show a page of the app's recordings."""
    page = read_page(request)
    sort_by = request.query_value("sort_by")
    if sort_by is not None:
        require_choice(sort_by, ("invokedTime",), "sort_by")
    query = RecordingQuery(
        offset=page.start,
        size=page.size,
        newest_first=is_newest_first(request),
        meeting_id=request.query_value("meeting_id"),
        search=request.query_value("search"),
        statuses=frozenset(
            require_choice(status, STATUSES, "status") for status in request.query_values("status")
        ),
        start=read_time(request, "start_time"),
        end=read_time(request, "end_time"),
        expired=read_boolean(request, "expired"),
        expired_before=request.now - request.settings.link_seconds,
        as_of=request.as_of,
    )
    recordings, total = request.state.recordings.index.get_page(request.app_id, query)
    serializer = request.serializer
    return wrap_data(
        [serializer.serialize_list_entry(recording) for recording in recordings],
        paging=page.describe(len(recordings), total),
    )
