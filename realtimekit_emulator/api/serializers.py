"""Recordings, meetings and sessions as the API shows them, key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from realtimekit_emulator.model.clock import iso
from realtimekit_emulator.model.recording import BUCKET_OUTPUTS, UPLOADED

if TYPE_CHECKING:
    from realtimekit_emulator.model.meetings import Meeting, Participant, Session
    from realtimekit_emulator.model.recording import Layer, Reason, Recording
    from realtimekit_emulator.model.settings import Settings

_STORAGE_KEYS = (
    "type", "auth_method", "bucket", "host", "password", "path", "port", "private_key", "region",
    "secret", "username",
)  # fmt: skip
_SECRET_KEYS = frozenset({"password", "private_key", "secret"})
_OWN_BUCKET = {"type": "aws", "bucket": "realtimekit-recordings", "region": "auto"}


class View:
    """One answer's way of looking at things.

    ``now`` is the moment of the answer, ``skew`` is added to every timestamp, and ``as_of`` shows
    recordings as they were at an earlier moment.
    """

    def __init__(
        self,
        settings: Settings,
        base_url: str,
        now: float,
        skew: float = 0.0,
        as_of: float | None = None,
    ) -> None:
        self._settings = settings
        self._base_url = base_url
        self._now = now
        self._skew = skew
        self._as_of = as_of

    def recording(self, recording: Recording) -> dict[str, Any]:
        """Show everything about a recording."""
        return {
            **self.brief(recording),
            "start_reason": _reason(recording.start_reason),
            "stop_reason": _reason(recording.stop_reason) if self._stopped(recording) else None,
            "storage_config": self._storage(recording),
        }

    def listed(self, recording: Recording) -> dict[str, Any]:
        """Show a recording as lists do."""
        shown = {**self.brief(recording), "type": "", "storage_config": self._storage(recording)}
        if self._settings.list_meeting:
            shown["meeting"] = self.meeting(recording.meeting)
        return shown

    def brief(self, recording: Recording) -> dict[str, Any]:
        """Show what every answer tells of a recording."""
        status = recording.status if self._as_of is None else recording.status_at(self._as_of)
        uploaded = self._moment(recording.uploaded_time) if status == UPLOADED else None
        expiry = None if uploaded is None else uploaded + self._settings.link_seconds
        return {
            "id": recording.id,
            "audio_download_url": None,
            "download_url": None if uploaded is None else self._links(recording),
            "download_url_expiry": self._stamp(expiry),
            "file_size": 0,
            "invoked_time": self._stamp(recording.invoked_time),
            "output_file_name": recording.file_name(recording.layers[0]),
            "session_id": recording.session_id,
            "started_time": self._stamp(self._moment(recording.started_time)),
            "status": status,
            "stopped_time": self._stamp(self._moment(recording.stopped_time)),
            "recording_duration": int(recording.seconds(self._as_of or self._now)),
        }

    def meeting(self, meeting: Meeting) -> dict[str, Any]:
        """Show a meeting."""
        return {
            "persist_chat": False,
            "record_on_start": False,
            "live_stream_on_start": False,
            **meeting.options,
            "id": meeting.id,
            "title": meeting.title,
            "status": meeting.status,
            "created_at": self._stamp(meeting.created_at),
            "updated_at": self._stamp(meeting.updated_at),
        }

    def participant(self, participant: Participant) -> dict[str, Any]:
        """Show a participant; the token is added only where one is handed out."""
        return {
            "id": participant.id,
            "name": participant.name,
            "picture": participant.picture,
            "custom_participant_id": participant.custom_participant_id,
            "preset_name": participant.preset_name,
            "created_at": self._stamp(participant.created_at),
            "updated_at": self._stamp(participant.created_at),
        }

    def session(self, session: Session) -> dict[str, Any]:
        """Show a session."""
        return {
            "id": session.id,
            "associated_id": session.meeting.id,
            "meeting_display_name": session.meeting.title,
            "type": "meeting",
            "status": "LIVE" if session.ended_at is None else "ENDED",
            "live_participants": len(session.present),
            "max_concurrent_participants": session.most_present,
            "minutes_consumed": session.minutes(self._now),
            "organization_id": session.meeting.app_id,
            "started_at": self._stamp(session.started_at),
            "created_at": self._stamp(session.started_at),
            "updated_at": self._stamp(session.updated_at),
            "ended_at": self._stamp(session.ended_at),
            "breakout_rooms": [],
        }

    def visits(self, session: Session) -> list[dict[str, Any]]:
        """Show who was in a session."""
        return [
            {
                "id": visit.id,
                "custom_participant_id": visit.name,
                "display_name": visit.name,
                "preset_name": "group_call_participant",
                "user_id": visit.id,
                "duration": round(((visit.left_at or self._now) - visit.joined_at) / 60, 2),
                "joined_at": self._stamp(visit.joined_at),
                "left_at": self._stamp(visit.left_at),
                "created_at": self._stamp(visit.joined_at),
                "updated_at": self._stamp(visit.left_at or visit.joined_at),
            }
            for visit in session.visits.values()
        ]

    def _stopped(self, recording: Recording) -> bool:
        return self._moment(recording.stopped_time) is not None

    def _moment(self, moment: float | None) -> float | None:
        """Return a moment, or None where this view is too early to know of it."""
        if moment is None or (self._as_of is not None and moment > self._as_of):
            return None
        return moment

    def _stamp(self, moment: float | None) -> str | None:
        return None if moment is None else iso(moment + self._skew)

    def _storage(self, recording: Recording) -> dict[str, Any] | None:
        if self._settings.storage_config == "own_bucket":
            return {key: _OWN_BUCKET.get(key) for key in _STORAGE_KEYS if key not in _SECRET_KEYS}
        if self._settings.storage_config == "ignore":
            return None
        outputs = (output for layer in recording.layers for output in layer.outputs)
        asked = next((output.storage for output in outputs if output.storage is not None), None)
        if asked is None:
            return None
        hidden = frozenset[str]() if self._settings.echo_secrets else _SECRET_KEYS
        return {key: asked.get(key) for key in _STORAGE_KEYS if key not in hidden}

    def _links(self, recording: Recording) -> Any:
        ignored = self._settings.storage_config != "honour"
        layers = [
            layer
            for layer in recording.layers
            if ignored or any(output.type in BUCKET_OUTPUTS for output in layer.outputs)
        ]
        if not layers:
            return None
        links = {layer.name: self._link(recording, layer) for layer in layers}
        if self._settings.track_download_url == "string":
            return next(iter(links.values()))
        return [
            {"layer_name": name, "download_urls": {"file": {"download_url": link}}}
            for name, link in links.items()
        ]

    def _link(self, recording: Recording, layer: Layer) -> str:
        query = urlencode(
            {
                "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
                "X-Amz-Expires": int(self._settings.link_seconds),
                "X-Amz-SignedHeaders": "host",
                "X-Amz-Signature": recording.link_key,
            }
        )
        name = quote(recording.file_name(layer))
        return f"{self._base_url}/_files/{recording.id}/{name}?{query}"


def _reason(reason: Reason | None) -> dict[str, Any] | None:
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
