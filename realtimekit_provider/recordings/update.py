"""Pausing, resuming and stopping a recording that the state knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import get_phase
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.recordings.actions import reconcile, register_targets, wait_for_upload
from realtimekit_provider.recordings.explain import KEEPS_CREDENTIALS
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.outputs import (
    outputs_from_recording,
    outputs_from_state,
    recording_from_state,
)
from realtimekit_provider.recordings.placeholder import is_placeholder
from realtimekit_provider.recordings.plan import has_changed_credentials, make_plan

__all__ = ["update_recording"]


def update_recording(
    recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any], ports: Ports
) -> dict[str, Any]:
    """Bring a recording to what the inputs ``after`` want, and return its outputs.

    Costs one call where something is to be done, none where only policies or credentials
    changed: the API cannot change the credentials of a recording that runs, and stopping it for
    a rotated key would be the worst answer.

    Args:
        recording_id: The recording, or a placeholder.
        before: The stored outputs: the inputs of the last deployment, and what was computed.
        after: The complete inputs as declared now.
        ports: What an operation works with.

    Returns:
        Those of :data:`~realtimekit_provider.constants.COMPUTED_OUTPUTS` that are known.

    Raises:
        CallError: The API refuses, or cannot be reached.
        WaitTimeoutError: It is to be paused and did not leave INVOKED in time.
    """
    inputs = RecordingInputs.model_validate(after)
    outputs = outputs_from_state(before)
    _report_changed_credentials(recording_id, before, after, ports)
    if is_placeholder(recording_id):
        return outputs
    if inputs.desired_state == "STOPPED":
        register_targets(recording_id, before, ports)
    known = recording_from_state(recording_id, before)
    current = reconcile(known, inputs.desired_state, ports, is_fresh=False)
    if current is known:
        return {**outputs, "warning": ""}
    if inputs.desired_state == "STOPPED" and inputs.wait_for_upload:
        current = _wait_for_files(current, inputs.wait_for_upload, ports)
    return outputs_from_recording(current, before=outputs)


def _report_changed_credentials(
    recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any], ports: Ports
) -> None:
    is_live = get_phase(str(before.get("status"))).is_live
    if is_live and has_changed_credentials(make_plan(recording_id, before, after).updates):
        ports.reporter.notice(KEEPS_CREDENTIALS)


def _wait_for_files(stopped: Recording, timeout: float, ports: Ports) -> Recording:
    status = wait_for_upload(stopped.id, timeout, ports)
    if status is None:
        ports.reporter.warning(
            f"recording {stopped.id} is stopped, but its files have not been uploaded within the "
            f"{timeout:.0f} s of wait_for_upload; a refresh shows when they have been"
        )
        return stopped
    return stopped.model_copy(update={"status": status})
