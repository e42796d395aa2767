"""The one place where an answer of the API becomes state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from realtimekit_provider.api.models.recording import Recording, ReportedStorage
from realtimekit_provider.api.models.track_request import TrackRequest
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.targets import is_same_target, list_targets

__all__ = [
    "COMPUTED_OUTPUTS",
    "StorageApplied",
    "outputs_from_recording",
    "outputs_without_recording",
    "storage_applied",
]

StorageApplied = Literal["yes", "no", "unknown"]

_LONGEST_WARNING = 300
_NEVER_ABSENT = {"invoked_time": "", "storage_applied": "unknown", "warning": ""}


def outputs_from_recording(
    recording: Recording,
    *,
    before: Mapping[str, Any] | None = None,
    applied: StorageApplied = "unknown",
    warning: str = "",
) -> dict[str, Any]:
    """Return what state keeps of a recording.

    Args:
        recording: What the API said.
        before: What state kept until now; it stays where the API leaves something out.
        applied: Whether the storage that was asked for is the one that is used.
        warning: What went wrong after the start; kept until the next operation.
    """
    said = {
        name: getattr(recording, name)
        for name in COMPUTED_OUTPUTS
        if name in Recording.model_fields
    }
    known = {name: value for name, value in said.items() if value is not None}
    return {
        **_NEVER_ABSENT,
        **(before or {}),
        **known,
        "storage_applied": applied,
        "warning": warning[:_LONGEST_WARNING],
    }


def outputs_without_recording(status: str) -> dict[str, Any]:
    """Return what state keeps where nothing was started."""
    return {**_NEVER_ABSENT, "status": status}


def storage_applied(request: TrackRequest, reported: ReportedStorage | None) -> StorageApplied:
    """Compare where files go by the API's word with where they were asked to go.

    The API reports one storage for a whole recording: with several targets, or without a
    report, the answer is ``unknown``.
    """
    targets = list_targets(request.model_dump(exclude_none=True)["layers"])
    if not targets:
        return "yes"
    said = reported.model_dump(exclude_none=True) if reported is not None else {}
    if len(targets) > 1 or not said:
        return "unknown"
    return "yes" if is_same_target(targets[0], said) else "no"
