"""A recording as the API describes it, and the actions on it.

Read tolerantly: unexpected content is never an error. Source: API reference, *Pause/Resume/Stop
recording*; lists and the start have fewer or other keys, see ``docs/api.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

__all__ = [
    "UNFINISHED_STATUSES",
    "UNKNOWN_STATUS",
    "Action",
    "Recording",
    "RecordingKind",
    "ReportedStorage",
    "merge_recordings",
    "parse_recording",
    "parse_time",
]

Action = Literal["pause", "resume", "stop"]
"""What the API can do with a recording that exists."""

RecordingKind = Literal["TRACK", "COMPOSITE"]
"""A file for each track, or one mixed file, as a meeting with ``record_on_start`` makes them."""

UNFINISHED_STATUSES = ("INVOKED", "RECORDING", "PAUSED", "UPLOADING")
"""The API's statuses that can still change; lists are filtered by them."""

UNKNOWN_STATUS = "UNKNOWN"
"""The status of a recording that comes without one."""

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_MAX_NUMBER = 2**53
_KINDS: Mapping[str, RecordingKind] = {"TRACK": "TRACK", "COMPOSITE": "COMPOSITE"}


def parse_time(text: str | None) -> datetime | None:
    """Return the time that an ISO 8601 ``text`` gives, in UTC without a zone; else ``None``."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


def _parse_text(value: Any) -> str | None:
    """A JSON text may hold half a character or control characters, which cannot be printed."""
    if not isinstance(value, str) or _UNPRINTABLE.search(value):
        return None
    return value or None


def _parse_number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if abs(value) <= _MAX_NUMBER else None


def _parse_reason(value: Any) -> str | None:
    return _parse_text(value.get("reason")) if isinstance(value, Mapping) else _parse_text(value)


def _parse_mapping(value: Any) -> Any:
    return value if isinstance(value, Mapping) else None


_Text = Annotated[str | None, BeforeValidator(_parse_text)]
_Number = Annotated[float | None, BeforeValidator(_parse_number)]


class ReportedStorage(BaseModel):
    """Where the API says that files go; credentials in its response are not read."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    type: _Text = None
    bucket: _Text = None
    path: _Text = None
    region: _Text = None
    host: _Text = None
    port: _Number = None
    username: _Text = None


class Recording(BaseModel):
    """A recording as one response of the API describes it.

    Unknown keys are ignored, download URLs (presigned, hence secrets) among them; a value of
    an unexpected type counts as absent. Times are ISO 8601 in UTC.

    Attributes:
        id: The recording's id.
        status: One of the API's statuses, also of an unknown one; ``UNKNOWN`` without one.
        kind: Whether it is a track recording or a composite one; ``None`` where that is unknown.
        meeting_id: The meeting that is recorded.
        session_id: The meeting's session.
        output_file_name: The name of the file, as far as it is known.
        invoked_time: When the start was requested.
        started_time: When it began to record.
        stopped_time: When it ended.
        recording_duration: Seconds.
        download_url_expiry: When the files in Cloudflare's own bucket can be fetched for the last
            time.
        start_reason: Why it was started, in the API's words.
        stop_reason: Why it ended, in the API's words.
        storage_config: Where its files go.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    id: str
    status: Annotated[str, BeforeValidator(lambda value: _parse_text(value) or UNKNOWN_STATUS)] = (
        UNKNOWN_STATUS
    )
    kind: RecordingKind | None = None
    meeting_id: _Text = None
    session_id: _Text = None
    output_file_name: _Text = None
    invoked_time: _Text = None
    started_time: _Text = None
    stopped_time: _Text = None
    recording_duration: _Number = None
    download_url_expiry: _Text = None
    start_reason: Annotated[str | None, BeforeValidator(_parse_reason)] = None
    stop_reason: Annotated[str | None, BeforeValidator(_parse_reason)] = None
    storage_config: Annotated[ReportedStorage | None, BeforeValidator(_parse_mapping)] = None


def parse_recording(data: Any) -> Recording | None:
    """Return the recording in a response's ``data``, at its top or under ``recording``.

    ``None`` where there is none: whether something was started is then unknown.
    """
    if not isinstance(data, Mapping):
        return None
    inner = data.get("recording")
    for candidate in (inner, data):
        if isinstance(candidate, Mapping) and _parse_text(candidate.get("id")):
            found = {"kind": _find_kind(candidate), "meeting_id": _find_meeting(candidate)}
            return Recording.model_validate({**candidate, **found})
    return None


def _find_meeting(data: Mapping[Any, Any]) -> str | None:
    """Read the meeting's id; lists give the meeting itself."""
    meeting = data.get("meeting")
    listed = _parse_text(meeting.get("id")) if isinstance(meeting, Mapping) else None
    return _parse_text(data.get("meeting_id")) or listed


def _find_kind(data: Mapping[Any, Any]) -> RecordingKind | None:
    """Read it from the type; lists leave that empty, but give a track's files by layer.

    The file's name proves nothing: a composite recording may be WebM too.
    """
    named = _KINDS.get(str(data.get("type")).upper())
    if named is not None:
        return named
    if isinstance(data.get("download_url"), list):
        return "TRACK"
    # A meeting starts by itself only composite ones.
    is_started_by_meeting = _parse_reason(data.get("start_reason")) == "RECORD_ON_START"
    return "COMPOSITE" if is_started_by_meeting else None


def merge_recordings(known: Recording, newer: Recording) -> Recording:
    """Return a recording as a newer answer describes it; what that leaves out stays as known."""
    given = {name: getattr(newer, name) for name in newer.model_fields_set}
    update = {name: value for name, value in given.items() if value is not None}
    return known.model_copy(update=update)
