"""The outputs of a recording: the one place where an answer of the API becomes state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from realtimekit_provider.api.models.recording import (
    UNKNOWN_STATUS,
    Recording,
    ReportedStorage,
    parse_recording,
)
from realtimekit_provider.api.models.track_request import TrackRequest
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.upload_targets import is_same_target, list_targets

__all__ = [
    "PreviousRecording",
    "RecordingOutputs",
    "StorageApplied",
    "compare_storage",
    "outputs_from_recording",
]

StorageApplied = Literal["yes", "no", "unknown"]
"""Whether files go to the storage that was asked for."""

_MAX_WARNING_LENGTH = 300
_MINUTE = 60


@dataclass(frozen=True)
class PreviousRecording:
    """The recording that a resource had before the present one.

    Attributes:
        id: Its id.
        status: Its status when the present one was started.
        stopped_time: When it ended, ISO 8601 in UTC.
        recording_duration: How long it recorded, in seconds.
        output_file_name: The name of its file.
    """

    id: str
    status: str
    stopped_time: str | None = None
    recording_duration: float | None = None
    output_file_name: str | None = None

    @classmethod
    def from_recording(cls, recording: Recording) -> PreviousRecording:
        """Return what is kept of a recording."""
        return cls(**{one.name: getattr(recording, one.name) for one in fields(cls)})

    @classmethod
    def from_props(cls, props: Any) -> PreviousRecording | None:
        """Read what a state keeps of it; ``None`` where that names no recording."""
        recording = parse_recording(props)
        return cls.from_recording(recording) if recording is not None else None

    def describe(self) -> str:
        """Return what it was in words, such as ``recorded 31 min, UPLOADED, file standup.webm``."""
        duration, name = self.recording_duration, self.output_file_name
        recorded = f"recorded {_format_duration(duration)}, " if duration is not None else ""
        return f"{recorded}{self.status}{f', file {name}' if name else ''}"


@dataclass(frozen=True)
class RecordingOutputs:
    """What the state keeps of a recording, beside its inputs.

    Its fields are :data:`~realtimekit_provider.constants.COMPUTED_OUTPUTS`, and
    :class:`realtimekit_provider.TrackRecording` says what each means to a user. Where nothing
    was started, only the status is given.
    """

    status: str = UNKNOWN_STATUS
    session_id: str | None = None
    output_file_name: str | None = None
    invoked_time: str = ""
    started_time: str | None = None
    stopped_time: str | None = None
    recording_duration: float | None = None
    start_reason: str | None = None
    stop_reason: str | None = None
    storage_applied: StorageApplied = "unknown"
    warning: str = ""
    previous: PreviousRecording | None = None

    @classmethod
    def from_props(cls, props: Mapping[str, Any]) -> RecordingOutputs:
        """Read the outputs among a state's decoded properties; one that is missing is unknown."""
        given = {name: props[name] for name in COMPUTED_OUTPUTS if props.get(name) is not None}
        return cls(**{**given, "previous": PreviousRecording.from_props(given.get("previous"))})

    def to_props(self) -> dict[str, Any]:
        """Return the outputs as the state keeps them.

        Returns:
            ``status``, ``invoked_time``, ``storage_applied`` and ``warning`` always; the others
            of :data:`~realtimekit_provider.constants.COMPUTED_OUTPUTS` where they are known, and
            ``previous`` as a mapping of the fields of :class:`PreviousRecording` that are.
        """
        return asdict(self, dict_factory=_drop_unknown)


def _format_duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / _MINUTE), _MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _drop_unknown(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value is not None}


def outputs_from_recording(
    recording: Recording,
    *,
    before: RecordingOutputs | None = None,
    storage_applied: StorageApplied | None = None,
    warning: str = "",
) -> RecordingOutputs:
    """Return the outputs that the state keeps of a recording.

    Args:
        recording: What the API returned.
        before: The outputs so far; each stays where the API leaves it out.
        storage_applied: Whether the storage that was asked for is used; as before by default.
        warning: What went wrong after the start, cut after 300 characters.
    """
    outputs = replace(
        before or RecordingOutputs(),
        **recording.model_dump(include=set(COMPUTED_OUTPUTS), exclude_none=True),
        warning=warning[:_MAX_WARNING_LENGTH],
    )
    return replace(outputs, storage_applied=storage_applied) if storage_applied else outputs


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
