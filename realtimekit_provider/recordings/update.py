"""Pausing, resuming and stopping a recording that the state knows."""

from __future__ import annotations

from dataclasses import replace

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.recordings.actions import (
    apply_step,
    register_targets,
    require_files,
    wait_for_upload,
    warn_of_missing_files,
)
from realtimekit_provider.recordings.explain import KEEPS_CREDENTIALS, LOST_KEY, advise_on_lost_key
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
        UploadFailedError: ``wait_for_upload`` is set, and the files were lost.
    """
    plan.raise_refusal()
    has_lost_key = stored.phase.is_live and stored.has_lost_key(ports.registry.storage)
    if has_lost_key:
        ports.reporter.warning(advise_on_lost_key(stored))
    elif stored.phase.is_live and has_changed_credentials(plan.updates):
        ports.reporter.notice(KEEPS_CREDENTIALS)
    if stored.is_placeholder:
        return stored.outputs
    is_to_stop = inputs.desired_state == "STOPPED"
    if is_to_stop:
        register_targets(stored, ports)
    known = stored.recording
    current = apply_step(plan.step, known, ports, is_fresh=False)
    warning = LOST_KEY if has_lost_key else ""
    if is_to_stop and inputs.wait_for_upload and not stored.is_complete:
        current, warning = _wait_for_files(current, stored, inputs.wait_for_upload, ports)
    warning = warn_of_missing_files(current, stored, ports) or warning
    # What a warning says of a recording that runs may be true no longer once something is done.
    is_lasting = stored.is_complete or stored.outputs.storage_applied == "no"
    if current is known and inputs.desired_state == stored.inputs.desired_state:
        is_lasting = True
    if is_lasting:
        warning = warning or stored.outputs.warning
    if current is known:
        return replace(stored.outputs, warning=warning)
    return outputs_from_recording(current, before=stored.outputs, warning=warning)


def _wait_for_files(
    stopped: Recording, stored: StoredRecording, timeout: float, ports: Ports
) -> tuple[Recording, str]:
    finished = wait_for_upload(stopped, timeout, ports)
    if finished is not None:
        require_files(finished, stored)
        return finished, ""
    warning = (
        f"recording {stopped.id} is stopped, but its files have not been uploaded within the "
        f"{timeout:.0f} s of wait_for_upload; a refresh shows when they have been"
    )
    ports.reporter.warning(warning)
    return stopped, warning
