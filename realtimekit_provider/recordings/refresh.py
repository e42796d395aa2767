"""Reading a recording as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import FINAL_STATUSES, GONE, DesiredState, apply_drift
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import NotFoundError
from realtimekit_provider.recordings.actions import warn_of_missing_files
from realtimekit_provider.recordings.outputs import RecordingOutputs, outputs_from_recording
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = ["RefreshedRecording", "refresh_recording"]


@dataclass(frozen=True)
class RefreshedRecording:
    """A recording as the API describes it now.

    Attributes:
        outputs: What the state keeps of it.
        desired_state: The ``desired_state`` that its status amounts to; it differs from the
            stored one where somebody paused or resumed the recording outside the stack.
    """

    outputs: RecordingOutputs
    desired_state: DesiredState


def refresh_recording(stored: StoredRecording, ports: Ports) -> RefreshedRecording | None:
    """Return a recording as it is now; ``None`` where the API says that it does not exist.

    No error but 404 means "gone". One that is known to have ended for good, or was never
    started, is not asked for. That it is gone, or that its files were lost, is a warning.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """
    desired = stored.inputs.desired_state
    if stored.is_placeholder or stored.status in FINAL_STATUSES:
        return RefreshedRecording(stored.outputs, desired)

    def is_as_desired(listed: Recording) -> bool:
        return apply_drift(desired, listed.status) == desired

    try:
        current = ports.recordings.get_via_list(stored.id, is_as_desired)
    except NotFoundError:
        warn_of_missing_files(stored.recording.model_copy(update={"status": GONE}), stored, ports)
        return None
    warning = warn_of_missing_files(current, stored, ports) or stored.outputs.warning
    return RefreshedRecording(
        outputs_from_recording(current, before=stored.outputs, warning=warning),
        apply_drift(desired, current.status),
    )
