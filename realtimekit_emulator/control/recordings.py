"""The control handlers of recordings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from realtimekit_emulator.control.control_request import ControlRequest
from realtimekit_emulator.model.recording import Layer, Output, Recording
from realtimekit_emulator.model.state import EmulatorState
from realtimekit_emulator.uploads.registry import SECRET_FIELDS


def list_recordings(request: ControlRequest) -> Any:
    """List every recording, oldest first, or those of one meeting."""
    meeting_id = request.query.get("meeting_id")
    return [
        _to_dict(request.state, recording)
        for recording in request.state.recordings.index.list_all()
        if meeting_id in {None, recording.meeting.id}
    ]


def get_recording(request: ControlRequest) -> Any:
    """Show a recording with its events."""
    return _to_dict(request.state, request.get_recording())


def force_status(request: ControlRequest) -> Any:
    """Give a recording any status, known or not."""
    recording = request.get_recording()
    status = str(request.get_required("status"))
    request.state.recordings.force_status(recording, status, request.now)
    return _to_dict(request.state, recording)


def _to_dict(state: EmulatorState, recording: Recording) -> dict[str, Any]:
    return {
        "id": recording.id,
        "app_id": recording.app_id,
        "meeting_id": recording.meeting.id,
        "session_id": recording.session_id,
        "type": recording.type,
        "status": recording.status,
        "invoked_time": recording.invoked_time,
        "started_time": recording.started_time,
        "stopped_time": recording.stopped_time,
        "uploaded_time": recording.uploaded_time,
        "seconds": recording.count_seconds(state.clock.now()),
        "max_seconds": recording.max_seconds,
        "user_ids": list(recording.user_ids),
        "start_reason": recording.start_reason.reason,
        "stop_reason": recording.stop_reason.reason if recording.stop_reason else None,
        "layers": {layer.name: _layer_to_dict(layer) for layer in recording.layers},
        "events": [asdict(event) for event in state.events.list_events(recording.id)],
    }


def _layer_to_dict(layer: Layer) -> dict[str, Any]:
    return {
        "file_name_prefix": layer.prefix,
        "media_kind": layer.media_kind,
        "outputs": [_output_to_dict(output) for output in layer.outputs],
    }


def _output_to_dict(output: Output) -> dict[str, Any]:
    storage = output.storage
    if storage is not None:
        storage = {key: one for key, one in storage.items() if key not in SECRET_FIELDS}
    return {"type": output.type, **output.options, "storage_config": storage}


ROUTES = {
    "GET recordings": list_recordings,
    "GET recordings/*": get_recording,
    "POST recordings/*/state": force_status,
}
