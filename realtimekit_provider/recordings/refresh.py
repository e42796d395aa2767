"""Reading a recording as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import FINAL_STATUSES, DesiredState, apply_drift
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import NotFoundError
from realtimekit_provider.recordings.outputs import outputs_from_recording, outputs_from_state
from realtimekit_provider.recordings.placeholder import is_placeholder

__all__ = ["RefreshedRecording", "refresh_recording"]


@dataclass(frozen=True)
class RefreshedRecording:
    """A recording as the API describes it now.

    Attributes:
        outputs: Those of :data:`~realtimekit_provider.constants.COMPUTED_OUTPUTS` that are known.
        desired_state: The ``desired_state`` that its status amounts to; it differs from the
            stored one where somebody paused or resumed the recording outside the stack.
    """

    outputs: dict[str, Any]
    desired_state: str


def refresh_recording(
    recording_id: str, state: Mapping[str, Any], ports: Ports
) -> RefreshedRecording | None:
    """Return a recording as it is now; ``None`` where the API says that it does not exist.

    No error but 404 means "gone". One that is known to have ended for good, or was never
    started, is not asked for.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """
    desired: DesiredState = state.get("desired_state", "RECORDING")
    outputs = outputs_from_state(state)
    if is_placeholder(recording_id) or state.get("status") in FINAL_STATUSES:
        return RefreshedRecording(outputs, desired)

    def is_as_desired(listed: Recording) -> bool:
        return apply_drift(desired, listed.status) == desired

    try:
        current = ports.recordings.get_via_list(recording_id, is_as_desired)
    except NotFoundError:
        return None
    return RefreshedRecording(
        outputs_from_recording(current, before=outputs, warning=state.get("warning", "")),
        apply_drift(desired, current.status),
    )
