"""Recordings and meetings as the API shows them, key by key."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from realtimekit_emulator.model.clock import format_iso
from realtimekit_emulator.model.meeting import Meeting, Participant
from realtimekit_emulator.model.recording import (
    BUCKET_OUTPUTS,
    COMPOSITE,
    TRACK,
    UPLOADED,
    Layer,
    Reason,
    Recording,
)
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.uploads.registry import SECRET_FIELDS, STORAGE_FIELDS

# The response schema of the reference has every field but access_key.
_STORAGE_FIELDS = ("type", *(name for name in STORAGE_FIELDS if name != "access_key"))
_OWN_BUCKET = {"type": "aws", "bucket": "realtimekit-recordings", "region": "auto"}


class Serializer:
    """How one response shows what the emulator keeps.

    ``now`` is the time of the response, ``skew`` is added to every timestamp, and ``as_of`` shows
    recordings as they were at an earlier time. All methods return the keys of the reference.
    """

    def __init__(
        self,
        settings: Settings,
        origin: str,
        now: float,
        skew: float = 0.0,
        as_of: float | None = None,
    ) -> None:
        self._settings = settings
        self._origin = origin
        self._now = now
        self._skew = skew
        self._as_of = as_of

    def serialize_recording(self, recording: Recording) -> dict[str, Any]:
        """Return a summary, and start_reason, stop_reason and storage_config."""
        has_stopped = self._hide_future(recording.stopped_time) is not None
        return {
            **self.serialize_summary(recording),
            "start_reason": _serialize_reason(recording.start_reason),
            "stop_reason": _serialize_reason(recording.stop_reason) if has_stopped else None,
            "storage_config": self._serialize_storage(recording),
        }

    def serialize_list_entry(self, recording: Recording) -> dict[str, Any]:
        """Return a summary, and type, storage_config and, by a setting, the meeting."""
        entry = {
            **self.serialize_summary(recording),
            "type": self._get_type(recording) or "",
            "storage_config": self._serialize_storage(recording),
        }
        if self._settings.list_meeting:
            entry["meeting"] = self.serialize_meeting(recording.meeting)
        return entry

    def serialize_summary(self, recording: Recording) -> dict[str, Any]:
        """Return what every response has of a recording.

        Keys: id, audio_download_url, download_url, download_url_expiry, file_size (0 for tracks),
        invoked_time, output_file_name, session_id, started_time, status, stopped_time,
        recording_duration (in whole seconds) and, by a setting, type.
        """
        as_of = self._as_of
        status = recording.status if as_of is None else recording.get_status_at(as_of)
        uploaded = self._hide_future(recording.uploaded_time) if status == UPLOADED else None
        expiry = None if uploaded is None else uploaded + self._settings.link_seconds
        shown_type = self._get_type(recording)
        return {
            "id": recording.id,
            "audio_download_url": None,
            "download_url": None if uploaded is None else self._serialize_links(recording),
            "download_url_expiry": self._serialize_time(expiry),
            "file_size": 0 if uploaded is None else self._measure_file(recording),
            "invoked_time": self._serialize_time(recording.invoked_time),
            "output_file_name": recording.build_file_name(recording.layers[0]),
            "session_id": recording.session_id,
            "started_time": self._serialize_time(self._hide_future(recording.started_time)),
            "status": status,
            "stopped_time": self._serialize_time(self._hide_future(recording.stopped_time)),
            "recording_duration": int(recording.count_seconds(self._as_of or self._now)),
            **({} if shown_type is None else {"type": shown_type}),
        }

    def serialize_meeting(self, meeting: Meeting) -> dict[str, Any]:
        """Return the options of a meeting, and id, title, status, created_at and updated_at."""
        return {
            "persist_chat": False,
            "record_on_start": False,
            "live_stream_on_start": False,
            **meeting.options,
            "id": meeting.id,
            "title": meeting.title,
            "status": meeting.status,
            "created_at": self._serialize_time(meeting.created_at),
            "updated_at": self._serialize_time(meeting.updated_at),
        }

    def serialize_participant(self, participant: Participant) -> dict[str, Any]:
        """Return a participant without its token.

        Keys: id, name, picture, custom_participant_id, preset_name, created_at, updated_at.
        """
        return {
            "id": participant.id,
            "name": participant.name,
            "picture": participant.picture,
            "custom_participant_id": participant.custom_participant_id,
            "preset_name": participant.preset_name,
            "created_at": self._serialize_time(participant.created_at),
            "updated_at": self._serialize_time(participant.created_at),
        }

    def _hide_future(self, time: float | None) -> float | None:
        """Return a time, or None where it is later than what the response shows."""
        if time is None or (self._as_of is not None and time > self._as_of):
            return None
        return time

    def _serialize_time(self, time: float | None) -> str | None:
        return None if time is None else format_iso(time + self._skew)

    def _get_type(self, recording: Recording) -> str | None:
        """Return the type of a recording, or None where the response does not tell it."""
        shown = self._settings.recording_type
        is_shown = shown == "all" or (shown == "composite" and recording.type == COMPOSITE)
        return recording.type if is_shown else None

    def _measure_file(self, recording: Recording) -> int:
        if recording.type == TRACK:
            return 0
        return len(recording.create_file(recording.layers[0], self._now))

    def _serialize_storage(self, recording: Recording) -> dict[str, Any] | None:
        if self._settings.storage_config == "own_bucket":
            return {
                name: _OWN_BUCKET.get(name) for name in _STORAGE_FIELDS if name not in SECRET_FIELDS
            }
        if self._settings.storage_config == "ignore":
            return None
        outputs = (output for layer in recording.layers for output in layer.outputs)
        storage = next((output.storage for output in outputs if output.storage is not None), None)
        if storage is None:
            return None
        hidden = frozenset[str]() if self._settings.echo_secrets else SECRET_FIELDS
        return {name: storage.get(name) for name in _STORAGE_FIELDS if name not in hidden}

    def _serialize_links(self, recording: Recording) -> Any:
        ignore_storage = self._settings.storage_config != "honour"
        layers = [
            layer
            for layer in recording.layers
            if ignore_storage or any(output.type in BUCKET_OUTPUTS for output in layer.outputs)
        ]
        if not layers:
            return None
        links = {layer.name: self._build_link(recording, layer) for layer in layers}
        if recording.type == COMPOSITE or self._settings.track_download_url == "string":
            return next(iter(links.values()))
        return [
            {"layer_name": name, "download_urls": {"file": {"download_url": link}}}
            for name, link in links.items()
        ]

    def _build_link(self, recording: Recording, layer: Layer) -> str:
        query = urlencode(
            {
                "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
                "X-Amz-Expires": int(self._settings.link_seconds),
                "X-Amz-SignedHeaders": "host",
                "X-Amz-Signature": recording.link_key,
            }
        )
        name = quote(recording.build_file_name(layer))
        return f"{self._origin}/_files/{recording.id}/{name}?{query}"


def _serialize_reason(reason: Reason | None) -> dict[str, Any] | None:
    if reason is None:
        return None
    caller = None
    if reason.caller_type is not None:
        caller = {
            "name": reason.caller_name,
            "type": reason.caller_type,
            "user_Id": reason.caller_id,
        }
    return {"caller": caller, "reason": reason.reason}
