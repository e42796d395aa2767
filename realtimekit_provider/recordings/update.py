"""Pausing, resuming and stopping a recording that the state knows."""

from __future__ import annotations

from dataclasses import replace

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.recordings.actions import apply_step, register_targets, wait_for_upload
from realtimekit_provider.recordings.explain import KEEPS_CREDENTIALS
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.outputs import RecordingOutputs, outputs_from_recording
from realtimekit_provider.recordings.plan import Plan, has_changed_credentials
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = ["update_recording"]


def update_recording(
    plan: Plan, stored: StoredRecording, inputs: RecordingInputs, ports: Ports
) -> RecordingOutputs:
    """Carry out what is planned for a recording, and return its outputs.

    Costs one call where something is to be done, none where only policies or credentials
    changed: the API cannot change the credentials of a recording that runs, and stopping it for
    a rotated key would be the worst answer.

    Args:
        plan: What leads from ``stored`` to ``inputs`` without another recording.
        stored: The recording, or a placeholder.
        inputs: The inputs as declared now.
        ports: What an operation works with.

    Raises:
        RecordingError: The plan is refused.
        CallError: The API refuses, or cannot be reached.
        WaitTimeoutError: It is to be paused and did not leave INVOKED in time.
    """
    plan.raise_refusal()
    if stored.phase.is_live and has_changed_credentials(plan.updates):
        ports.reporter.notice(KEEPS_CREDENTIALS)
    if stored.is_placeholder:
        return stored.outputs
    if inputs.desired_state == "STOPPED":
        register_targets(stored, ports)
    known = stored.recording
    current = apply_step(plan.step, known, ports, is_fresh=False)
    if current is known:
        return replace(stored.outputs, warning="")
    if inputs.desired_state == "STOPPED" and inputs.wait_for_upload:
        current = _wait_for_files(current, inputs.wait_for_upload, ports)
    return outputs_from_recording(current, before=stored.outputs)


def _wait_for_files(stopped: Recording, timeout: float, ports: Ports) -> Recording:
    status = wait_for_upload(stopped.id, timeout, ports)
    if status is None:
        ports.reporter.warning(
            f"recording {stopped.id} is stopped, but its files have not been uploaded within the "
            f"{timeout:.0f} s of wait_for_upload; a refresh shows when they have been"
        )
        return stopped
    return stopped.model_copy(update={"status": status})
