"""What the API can do with a recording, and what it says of one.

It is read tolerantly: a surprise is never a crash. Source: API reference, *Pause/Resume/Stop
recording*; lists and the start answer with fewer or other keys, see ``docs/api.md``.
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
    "ReportedStorage",
    "parse_recording",
    "parse_time",
]

Action = Literal["pause", "resume", "stop"]
"""What the API can be asked to do with a recording that exists."""

UNFINISHED_STATUSES = ("INVOKED", "RECORDING", "PAUSED", "UPLOADING")
"""The API's statuses that can still change, as a list is asked for them."""

UNKNOWN_STATUS = "UNKNOWN"
"""The status of a recording whose answer has none."""

_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LARGEST_NUMBER = 2**53


def parse_time(text: str | None) -> datetime | None:
    """Return the moment that an ISO 8601 ``text`` names, ``None`` where it names none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _text(value: Any) -> str | None:
    """A JSON text may hold what nobody can carry (half a character) or should print (controls)."""
    if not isinstance(value, str) or _NO_TEXT.search(value):
        return None
    return value or None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if abs(value) <= _LARGEST_NUMBER else None


def _reason(value: Any) -> str | None:
    return _text(value.get("reason")) if isinstance(value, Mapping) else _text(value)


def _mapping(value: Any) -> Any:
    return value if isinstance(value, Mapping) else None


_Text = Annotated[str | None, BeforeValidator(_text)]
_Number = Annotated[float | None, BeforeValidator(_number)]


class ReportedStorage(BaseModel):
    """Where the API says that files go; credentials in its answer are left out here."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    type: _Text = None
    bucket: _Text = None
    path: _Text = None
    region: _Text = None
    host: _Text = None
    port: _Number = None
    username: _Text = None


class Recording(BaseModel):
    """A recording as one answer of the API describes it.

    Unknown keys are ignored, download URLs (presigned, hence secrets) among them; a value of
    an unexpected type counts as absent. Times are ISO 8601 in UTC, durations seconds.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    id: str
    status: Annotated[str, BeforeValidator(lambda value: _text(value) or UNKNOWN_STATUS)] = (
        UNKNOWN_STATUS
    )
    meeting_id: _Text = None
    session_id: _Text = None
    output_file_name: _Text = None
    invoked_time: _Text = None
    started_time: _Text = None
    stopped_time: _Text = None
    recording_duration: _Number = None
    start_reason: Annotated[str | None, BeforeValidator(_reason)] = None
    stop_reason: Annotated[str | None, BeforeValidator(_reason)] = None
    storage_config: Annotated[ReportedStorage | None, BeforeValidator(_mapping)] = None


def parse_recording(data: Any) -> Recording | None:
    """Return the recording that an answer's ``data`` holds, at its top or under ``recording``.

    ``None`` where there is none: whether something was started is then still open.
    """
    if not isinstance(data, Mapping):
        return None
    inner = data.get("recording")
    for candidate in (inner, data):
        if isinstance(candidate, Mapping) and _text(candidate.get("id")):
            return Recording.model_validate(candidate)
    return None
