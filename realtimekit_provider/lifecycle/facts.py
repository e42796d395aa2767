"""The one place where an answer of the API becomes state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from realtimekit_provider.wire.recording import Recording, ReportedStorage
from realtimekit_provider.wire.storage import TARGET_KEYS
from realtimekit_provider.wire.track import TrackRequest

__all__ = ["FACTS", "StorageApplied", "facts_of", "facts_without_recording", "storage_applied"]

StorageApplied = Literal["yes", "no", "unknown"]

FACTS = (
    "status",
    "session_id",
    "output_file_name",
    "invoked_time",
    "started_time",
    "stopped_time",
    "recording_duration",
    "start_reason",
    "stop_reason",
    "storage_applied",
    "warning",
)
"""The outputs of a recording beside the mirror of its inputs."""

_LONGEST_WARNING = 300
_NEVER_ABSENT = {"invoked_time": "", "storage_applied": "unknown", "warning": ""}


def facts_of(
    recording: Recording,
    *,
    applied: StorageApplied = "unknown",
    warning: str = "",
) -> dict[str, Any]:
    """Return what state keeps of a recording.

    Args:
        recording: What the API said.
        applied: Whether the storage that was asked for is the one that is used.
        warning: What went wrong after the start; kept until the next operation.
    """
    said = {name: getattr(recording, name) for name in FACTS if name in Recording.model_fields}
    known = {name: value for name, value in said.items() if value is not None}
    return {
        **_NEVER_ABSENT,
        **known,
        "storage_applied": applied,
        "warning": warning[:_LONGEST_WARNING],
    }


def facts_without_recording(status: str) -> dict[str, Any]:
    """Return what state keeps where nothing was started."""
    return {**_NEVER_ABSENT, "status": status}


def storage_applied(request: TrackRequest, reported: ReportedStorage | None) -> StorageApplied:
    """Compare where files go by the API's word with where they were asked to go.

    The API reports one storage for a whole recording: with several targets, or without a
    report, the answer is ``unknown``.
    """
    targets = _targets(request)
    if not targets:
        return "yes"
    if len(targets) > 1 or reported is None:
        return "unknown"
    said = {name: value for name, value in reported.model_dump().items() if value is not None}
    if not said:
        return "unknown"
    return "yes" if all(_same(name, targets[0], said) for name in TARGET_KEYS) else "no"


def _targets(request: TrackRequest) -> list[dict[str, Any]]:
    distinct: list[dict[str, Any]] = []
    for layer in request.layers.values():
        for output in layer.outputs or ():
            if output.storage_config is not None:
                whole = output.storage_config.model_dump(exclude_none=True)
                target = {name: whole[name] for name in TARGET_KEYS if name in whole}
                if target not in distinct:
                    distinct.append(target)
    return distinct


def _same(name: str, asked: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    if name not in asked or name not in said:
        return True
    one, other = asked[name], said[name]
    if isinstance(one, str) and isinstance(other, str):
        return one.strip("/").casefold() == other.strip("/").casefold()
    return bool(one == other)
