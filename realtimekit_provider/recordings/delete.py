"""Stopping a recording that is no longer declared."""

from __future__ import annotations

from dataclasses import replace

from realtimekit_provider.api.models.recording import Recording, merge_recordings
from realtimekit_provider.api.models.status import FINAL_STATUSES, GONE, get_phase
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import WaitTimeoutError
from realtimekit_provider.recordings.actions import (
    register_targets,
    require_files,
    stop_recording,
    wait_for_upload,
    warn_of_missing_files,
)
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = ["delete_recording"]


def delete_recording(stored: StoredRecording, ports: Ports) -> None:
    """Stop a recording that is no longer declared; that it is stopped or gone is success.

    Raises:
        CallError: The API refuses although the recording is live, or cannot be reached.
        WaitTimeoutError: ``wait_for_upload`` is over and the files have not been uploaded.
        UploadFailedError: ``wait_for_upload`` is set and the files were lost. Where another
            recording is to be started, that is a warning: it would be lost as well.
    """
    inputs, registry = stored.inputs, ports.registry.recordings
    last = stored.last
    if last is not None:
        registry.register_last(inputs.mark, last)
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
    if inputs.wait_for_upload and stored.status != GONE:
        recording = _wait_for_files(recording, stored, ports)
    if last is not None:
        merged = merge_recordings(last.recording, recording)
        registry.register_last(inputs.mark, replace(last, recording=merged))
    warn_of_missing_files(recording, stored, ports)


def _wait_for_files(stopped: Recording, stored: StoredRecording, ports: Ports) -> Recording:
    timeout = stored.inputs.wait_for_upload
    finished = wait_for_upload(stopped, timeout, ports)
    if finished is None:
        raise WaitTimeoutError(
            f"recording {stopped.id} is stopped, but its files have not been uploaded within "
            f"the {timeout:.0f} s of wait_for_upload. The storage that it writes to is still "
            "there: deploy again to continue, or raise wait_for_upload"
        )
    if ports.registry.recordings.find_wanted_meeting(stored.inputs.mark) is None:
        require_files(finished, stored)
    return finished
