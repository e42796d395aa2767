"""The live sessions of an app, as a list of the API describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["parse_live_meetings"]


def parse_live_meetings(data: Any) -> list[str | None] | None:
    """Return the meeting of each live session in a page of the list ``GET /sessions``.

    Args:
        data: The payload of the response.

    Returns:
        Meeting ids in the page's order, ``None`` for a session that names no meeting or is not
        live: then the list does not answer what was asked. ``None`` where there is no list.
    """
    sessions = data.get("sessions") if isinstance(data, Mapping) else None
    if not isinstance(sessions, list):
        return None
    return [_parse_live_meeting(session) for session in sessions]


def _parse_live_meeting(session: Any) -> str | None:
    if not isinstance(session, Mapping) or session.get("status", "LIVE") != "LIVE":
        return None
    meeting_id = session.get("associated_id")
    return meeting_id if isinstance(meeting_id, str) and meeting_id else None
