"""The outputs of a recording: the one place where an answer of the API becomes state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from realtimekit_provider.api.models.recording import Recording, ReportedStorage
from realtimekit_provider.api.models.track_request import TrackRequest
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.upload_targets import is_same_target, list_targets

__all__ = [
    "StorageApplied",
    "compare_storage",
    "outputs_from_recording",
    "outputs_from_state",
    "outputs_without_recording",
    "recording_from_state",
]

StorageApplied = Literal["yes", "no", "unknown"]
"""Whether files go to the storage that was asked for."""

_MAX_WARNING_LENGTH = 300
_ALWAYS_PRESENT = {"invoked_time": "", "storage_applied": "unknown", "warning": ""}


def outputs_from_recording(
    recording: Recording,
    *,
    before: Mapping[str, Any] | None = None,
    storage_applied: StorageApplied | None = None,
    warning: str = "",
) -> dict[str, Any]:
    """Return the outputs that the state keeps of a recording.

    Args:
        recording: What the API returned.
        before: The outputs so far; each stays where the API leaves it out.
        storage_applied: Whether the storage that was asked for is used; as before by default.
        warning: What went wrong after the start, cut after 300 characters.

    Returns:
        ``status``, ``invoked_time``, ``storage_applied`` and ``warning`` always; the others of
        :data:`~realtimekit_provider.constants.COMPUTED_OUTPUTS` where they are known.
    """
    reported = recording.model_dump(include=set(COMPUTED_OUTPUTS), exclude_none=True)
    outputs = {**_ALWAYS_PRESENT, **(before or {}), **reported}
    if storage_applied is not None:
        outputs["storage_applied"] = storage_applied
    return {**outputs, "warning": warning[:_MAX_WARNING_LENGTH]}


def outputs_without_recording(status: str) -> dict[str, Any]:
    """Return the outputs where nothing was started.

    Returns:
        ``status``, and empty or unknown ``invoked_time``, ``storage_applied`` and ``warning``.
    """
    return {**_ALWAYS_PRESENT, "status": status}


def outputs_from_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of :data:`~realtimekit_provider.constants.COMPUTED_OUTPUTS` in a state."""
    return {name: state[name] for name in COMPUTED_OUTPUTS if state.get(name) is not None}


def recording_from_state(recording_id: str, state: Mapping[str, Any]) -> Recording:
    """Return the recording as it was when the state was written."""
    return Recording.model_validate({**outputs_from_state(state), "id": recording_id})


def compare_storage(request: TrackRequest, reported: ReportedStorage | None) -> StorageApplied:
    """Compare where files go, according to the API, with where they were asked to go.

    The API reports one storage for a whole recording: with several targets, or without a
    report, the answer is ``unknown``.
    """
    targets = list_targets(request.model_dump(exclude_none=True)["layers"])
    if not targets:
        return "yes"
    report = reported.model_dump(exclude_none=True) if reported is not None else {}
    if len(targets) > 1 or not report:
        return "unknown"
    return "yes" if is_same_target(targets[0], report) else "no"
