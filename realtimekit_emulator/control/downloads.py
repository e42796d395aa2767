"""The files behind the download links of recordings."""

from __future__ import annotations

from realtimekit_emulator.control.control_request import ControlRequest
from realtimekit_emulator.errors import ForbiddenError, NotFoundError
from realtimekit_emulator.messages import Response
from realtimekit_emulator.model.recording import TRACK, UPLOADED

PREFIX = "/_files/"
"""The beginning of the path of a link; the recording's id and the name of the file follow."""


def download_file(request: ControlRequest, name: str) -> Response:
    """Return a file of a recording, if its link is signed and has not expired."""
    recording = request.get_recording()
    layers = {recording.build_file_name(layer): layer for layer in recording.layers}
    if name not in layers or recording.status != UPLOADED or recording.uploaded_time is None:
        raise NotFoundError("there is no such file")
    expiry = recording.uploaded_time + request.state.settings.link_seconds
    is_signed = request.query.get("X-Amz-Signature") == recording.link_key
    if not is_signed or request.now > expiry:
        raise ForbiddenError("the link is not signed, or it has expired")
    kind = "audio" if recording.type == TRACK else "video"
    return Response(
        raw=recording.create_file(layers[name], request.now),
        content_type=f"{kind}/{recording.file_format}",
    )
