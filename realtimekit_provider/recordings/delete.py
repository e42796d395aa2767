"""Stopping a recording that is no longer declared."""

from __future__ import annotations

from realtimekit_provider.api.models.status import FINAL_STATUSES, get_phase
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import WaitTimeoutError
from realtimekit_provider.recordings.actions import (
    register_targets,
    stop_recording,
    wait_for_upload,
)
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = ["delete_recording"]


def delete_recording(stored: StoredRecording, ports: Ports) -> None:
    """Stop a recording that is no longer declared; that it is stopped or gone is success.

    Raises:
        CallError: The API refuses although the recording is live, or cannot be reached.
        WaitTimeoutError: ``wait_for_upload`` is over and the files have not been uploaded.
    """
    inputs, registry = stored.inputs, ports.registry.recordings
    if stored.is_placeholder:
        return
    if stored.status in FINAL_STATUSES:
        registry.register_stopped(stored.id)
        return
    if registry.is_owned_by_another(stored.id, inputs.mark):
        ports.reporter.notice(
            f"recording {stored.id} keeps running: another resource of this stack has taken it over"
        )
        return
    register_targets(stored, ports)
    if inputs.on_delete == "leave" and not registry.is_replaced(stored.id):
        ports.reporter.warning(
            f"recording {stored.id} is left as it is, because on_delete is 'leave': it is no "
            "longer known to this stack"
        )
        return
    registry.register_stopped(stored.id)
    recording = stored.recording
    if get_phase(recording.status).is_live:
        recording = stop_recording(recording, ports)
    if inputs.wait_for_upload and recording.status not in FINAL_STATUSES:
        _require_upload(stored.id, inputs.wait_for_upload, ports)


def _require_upload(recording_id: str, timeout: float, ports: Ports) -> None:
    status = wait_for_upload(recording_id, timeout, ports)
    if status is None:
        raise WaitTimeoutError(
            f"recording {recording_id} is stopped, but its files have not been uploaded within "
            f"the {timeout:.0f} s of wait_for_upload. The storage that it writes to is still "
            "there: deploy again to continue, or raise wait_for_upload"
        )
    if status == "ERRORED":
        ports.reporter.warning(f"recording {recording_id} ended ERRORED: its files may be lost")
