"""Control routes of recordings, and the files behind their download links."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.errors import ForbiddenError, NotFoundError
from realtimekit_emulator.model.recording import UPLOADED
from realtimekit_emulator.model.webm import webm
from realtimekit_emulator.server.messages import Response

if TYPE_CHECKING:
    from realtimekit_emulator.model.recording import Layer, Recording
    from realtimekit_emulator.model.state import EmulatorState

    Given = dict[str, Any]
    Params = dict[str, str]

_FORBIDDEN = 403
_SECRETS = frozenset({"access_key", "secret", "password", "private_key"})


def listing(state: EmulatorState, params: Params, given: Given) -> Any:
    """List every recording, oldest first, or those of one meeting."""
    del given
    meeting_id = params.get("meeting_id")
    return [
        _shown(state, one)
        for one in state.recordings.index.all()
        if meeting_id in {None, one.meeting.id}
    ]


def get_one(state: EmulatorState, params: Params, given: Given) -> Any:
    """Show a recording with its events."""
    del given
    return _shown(state, state.recordings.index.get(params["id"]))


def force(state: EmulatorState, params: Params, given: Given) -> Any:
    """Put a recording into a state, known or not."""
    recording = state.recordings.index.get(params["id"])
    state.recordings.force(recording, str(given["status"]), state.clock.now())
    return _shown(state, recording)


def file(state: EmulatorState, path: str, query: dict[str, str]) -> Response:
    """Return the file behind a download link, if the link is signed and has not expired."""
    now = state.now()
    _, _, recording_id, name = [*path.split("/", 3), "", "", ""][:4]
    recording = state.recordings.index.get(recording_id)
    layer = next((one for one in recording.layers if recording.file_name(one) == name), None)
    if layer is None or recording.status != UPLOADED or recording.uploaded_time is None:
        message = "there is no such file"
        raise NotFoundError(message)
    expired = now > recording.uploaded_time + state.settings.link_seconds
    if query.get("X-Amz-Signature") != recording.link_key or expired:
        message = "the link is not signed, or it has expired"
        raise ForbiddenError(message, _FORBIDDEN)
    data = webm(f"{recording.id}/{layer.name}", recording.seconds(now))
    return Response(raw=data, content_type="audio/webm")


def _shown(state: EmulatorState, recording: Recording) -> dict[str, Any]:
    return {
        "id": recording.id,
        "app_id": recording.app_id,
        "meeting_id": recording.meeting.id,
        "session_id": recording.session_id,
        "status": recording.status,
        "invoked_time": recording.invoked_time,
        "started_time": recording.started_time,
        "stopped_time": recording.stopped_time,
        "uploaded_time": recording.uploaded_time,
        "seconds": recording.seconds(state.clock.now()),
        "max_seconds": recording.max_seconds,
        "user_ids": list(recording.user_ids),
        "start_reason": recording.start_reason.reason,
        "stop_reason": recording.stop_reason.reason if recording.stop_reason else None,
        "layers": {layer.name: _layer(layer) for layer in recording.layers},
        "events": [asdict(event) for event in state.events.of(recording.id)],
    }


def _layer(layer: Layer) -> dict[str, Any]:
    outputs = []
    for output in layer.outputs:
        storage = output.storage
        if storage is not None:
            storage = {key: one for key, one in storage.items() if key not in _SECRETS}
        outputs.append({"type": output.type, "storage_config": storage})
    return {
        "file_name_prefix": layer.prefix,
        "media_kind": layer.media_kind,
        "outputs": outputs,
    }


ROUTES = {
    "GET recordings": listing,
    "GET recordings/*": get_one,
    "POST recordings/*/state": force,
}
