"""Stopping a recording that is no longer declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.api.models.status import FINAL_STATUSES, get_phase
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import WaitTimeoutError
from realtimekit_provider.recordings.actions import (
    register_targets,
    stop_recording,
    wait_for_upload,
)
from realtimekit_provider.recordings.outputs import recording_from_state
from realtimekit_provider.recordings.placeholder import is_placeholder

__all__ = ["delete_recording"]


def delete_recording(recording_id: str, state: Mapping[str, Any], ports: Ports) -> None:
    """Stop a recording that is no longer declared; that it is stopped or gone is success.

    Raises:
        CallError: The API refuses although the recording is live, or cannot be reached.
        WaitTimeoutError: ``wait_for_upload`` is over and the files have not been uploaded.
    """
    if is_placeholder(recording_id):
        return
    if state.get("status") in FINAL_STATUSES:
        ports.registry.recordings.register_stopped(recording_id)
        return
    if ports.registry.recordings.is_owned_by_another(recording_id, str(state.get("mark"))):
        ports.reporter.notice(
            f"recording {recording_id} keeps running: another resource of this stack has taken it "
            "over"
        )
        return
    register_targets(recording_id, state, ports)
    if state.get("on_delete") == "leave" and not ports.registry.recordings.is_replaced(
        recording_id
    ):
        ports.reporter.warning(
            f"recording {recording_id} is left as it is, because on_delete is 'leave': it is no "
            "longer known to this stack"
        )
        return
    ports.registry.recordings.register_stopped(recording_id)
    recording = recording_from_state(recording_id, state)
    if get_phase(recording.status).is_live:
        recording = stop_recording(recording, ports)
    timeout = float(state.get("wait_for_upload") or 0)
    if timeout and recording.status not in FINAL_STATUSES:
        _require_upload(recording_id, timeout, ports)


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
