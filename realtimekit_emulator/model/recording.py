"""What a recording is: its layers, its times, its status now and at earlier times."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from realtimekit_emulator.model.meeting import Meeting
from realtimekit_emulator.uploads.mp4 import create_mp4
from realtimekit_emulator.uploads.webm import create_webm

INVOKED = "INVOKED"
RECORDING = "RECORDING"
PAUSED = "PAUSED"
UPLOADING = "UPLOADING"
UPLOADED = "UPLOADED"
ERRORED = "ERRORED"
STATUSES = (INVOKED, RECORDING, UPLOADING, UPLOADED, ERRORED, PAUSED)

TRACK = "TRACK"
COMPOSITE = "COMPOSITE"
TYPES = (TRACK, COMPOSITE)

MP4 = "mp4"
WEBM = "webm"
FILE_FORMATS = (MP4, WEBM)
_WEBM_CODECS = frozenset({"VP8", "VP9"})

BUCKET_OUTPUTS = frozenset({"REALTIMEKIT_BUCKET", "DYTE_BUCKET"})
"""The types of outputs whose files go to the API's own bucket."""


@dataclass(frozen=True)
class Output:
    """Where a layer goes.

    Attributes:
        type: The type of the output, such as ``STORAGE_CONFIG``.
        options: Every other key of the output in the request, secrets included.
    """

    type: str
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def storage(self) -> dict[str, Any] | None:
        """Return the storage_config, or None where the output has none."""
        storage: dict[str, Any] | None = self.options.get("storage_config")
        return storage


@dataclass(frozen=True)
class Layer:
    """One file of a recording."""

    name: str
    outputs: tuple[Output, ...]
    prefix: str | None = None
    media_kind: str | None = None


@dataclass(frozen=True)
class Reason:
    """Why a recording started or ended, and who the caller was."""

    reason: str
    caller_type: str | None = None
    caller_name: str | None = None
    caller_id: str | None = None


@dataclass(frozen=True)
class StartRequest:
    """What a start asks for; only a composite recording may have another format than WebM."""

    meeting: Meeting
    layers: tuple[Layer, ...]
    reason: Reason
    user_ids: tuple[str, ...] = ()
    max_seconds: float | None = None
    type: str = TRACK
    file_format: str = WEBM


@dataclass
class Recording:
    """One recording of one session.

    Attributes:
        number: Its place in the order of starts, from 1.
        type: TRACK, with a file for each layer, or COMPOSITE, with one file of everything.
        file_format: The ending of its files, without the dot.
        link_key: The signature of its download links.
        paused_since: When the present pause began.
        paused_seconds: The length of the pauses that are over.
        history: Each status with the time from which it applied.
    """

    number: int
    id: str
    app_id: str
    meeting: Meeting
    session_id: str | None
    layers: tuple[Layer, ...]
    invoked_time: float
    start_reason: Reason
    link_key: str
    user_ids: tuple[str, ...] = ()
    max_seconds: float | None = None
    type: str = TRACK
    file_format: str = WEBM
    status: str = INVOKED
    started_time: float | None = None
    stopped_time: float | None = None
    uploaded_time: float | None = None
    stop_reason: Reason | None = None
    paused_since: float | None = None
    paused_seconds: float = 0.0
    history: list[tuple[float, str]] = field(default_factory=list)

    def get_status_at(self, time: float) -> str | None:
        """Return the status at a time, or None before the start."""
        latest = None
        for since, status in self.history:
            if since > time:
                break
            latest = status
        return latest

    def count_seconds(self, now: float) -> float:
        """Return how many seconds were recorded until ``now``, without the pauses."""
        if self.started_time is None:
            return 0.0
        end = now if self.stopped_time is None else min(now, self.stopped_time)
        paused = self.paused_seconds
        if self.paused_since is not None:
            paused += max(0.0, end - self.paused_since)
        return max(0.0, end - self.started_time - paused)

    def build_file_name(self, layer: Layer) -> str:
        """Return the name of a layer's file."""
        parts = [layer.prefix or self.meeting.id, f"{int(self.invoked_time * 1000)}"]
        if self.type == TRACK:
            parts = [parts[0], layer.name, parts[1], self.id[:8]]
        return f"{'_'.join(parts)}.{self.file_format}"

    def create_file(self, layer: Layer, now: float) -> bytes:
        """Return a layer's file, of what was recorded until ``now``."""
        create = create_mp4 if self.file_format == MP4 else create_webm
        return create(f"{self.id}/{layer.name}", self.count_seconds(now))


def create_composite_request(
    meeting: Meeting, reason: Reason, file_format: str | None = None
) -> StartRequest:
    """Return the request for a composite recording, as the meeting's ``recording_config`` says.

    Without a ``file_format`` the file's follows from the codec: WebM for VP8 and VP9, else MP4.
    """
    config = meeting.options.get("recording_config") or {}
    codec = (config.get("video_config") or {}).get("codec")
    layer = Layer("default", (Output("REALTIMEKIT_BUCKET"),), config.get("file_name_prefix"))
    return StartRequest(
        meeting,
        (layer,),
        reason,
        max_seconds=config.get("max_seconds"),
        type=COMPOSITE,
        file_format=file_format or (WEBM if codec in _WEBM_CODECS else MP4),
    )


def is_active(status: str, *, uploading_too: bool = False) -> bool:
    """Return whether a recording with this status is the active one of its meeting.

    An unknown status is active: it does not say that the recording has ended.
    """
    if status == UPLOADING:
        return uploading_too
    return status not in {UPLOADED, ERRORED}
