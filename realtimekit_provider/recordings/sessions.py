"""Whether somebody is in a meeting, asked before something is planned or started for it."""

from __future__ import annotations

from realtimekit_provider.deployment.ports import Recordings
from realtimekit_provider.errors import RealtimeKitError

__all__ = ["find_session", "has_no_session"]


def find_session(meeting_id: str, recordings: Recordings) -> bool | None:
    """Return whether somebody is in a meeting, from a list that all meetings share.

    The list may be late. ``None`` where the API gives no answer: nobody is to fail over that.
    """
    try:
        return recordings.is_anybody_in(meeting_id)
    except RealtimeKitError:
        return None


def has_no_session(meeting_id: str, recordings: Recordings) -> bool:
    """Whether surely nobody is in a meeting: neither the list nor the meeting itself shows one.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """
    return find_session(meeting_id, recordings) is False and not recordings.has_session(meeting_id)
