"""Sessions as the API shows them, key by key."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.model.clock import format_iso
from realtimekit_emulator.model.meeting import Session


class SessionSerializer:
    """How one response shows sessions.

    ``as_of`` is the time as of which they are shown, and ``skew`` is added to every timestamp.
    """

    def __init__(self, as_of: float, skew: float = 0.0) -> None:
        self._as_of = as_of
        self._skew = skew

    def serialize_session(self, session: Session) -> dict[str, Any]:
        """Return a session.

        Keys: id, associated_id (of the meeting), meeting_display_name, type, status (LIVE or
        ENDED), live_participants, max_concurrent_participants, minutes_consumed,
        organization_id, started_at, created_at, updated_at, ended_at, breakout_rooms.
        """
        as_of = self._as_of
        is_live = session.is_live_at(as_of)
        return {
            "id": session.id,
            "associated_id": session.meeting.id,
            "meeting_display_name": session.meeting.title,
            "type": "meeting",
            "status": "LIVE" if is_live else "ENDED",
            "live_participants": session.count_present_at(as_of),
            "max_concurrent_participants": session.max_present,
            "minutes_consumed": session.count_minutes(as_of),
            "organization_id": session.meeting.app_id,
            "started_at": self._serialize_time(session.started_at),
            "created_at": self._serialize_time(session.started_at),
            "updated_at": self._serialize_time(min(session.updated_at, as_of)),
            "ended_at": None if is_live else self._serialize_time(session.ended_at),
            "breakout_rooms": [],
        }

    def serialize_visits(self, session: Session) -> list[dict[str, Any]]:
        """Return who was in a session.

        Keys of each: id, custom_participant_id, display_name, preset_name, user_id, duration (in
        minutes), joined_at, left_at, created_at, updated_at.
        """
        return [
            {
                "id": visit.id,
                "custom_participant_id": visit.name,
                "display_name": visit.name,
                "preset_name": "group_call_participant",
                "user_id": visit.id,
                "duration": round(visit.count_seconds(self._as_of) / 60, 2),
                "joined_at": self._serialize_time(visit.joined_at),
                "left_at": self._serialize_time(visit.get_left_at(self._as_of)),
                "created_at": self._serialize_time(visit.joined_at),
                "updated_at": self._serialize_time(
                    visit.get_left_at(self._as_of) or visit.joined_at
                ),
            }
            for visit in session.visits.values()
            if visit.joined_at <= self._as_of
        ]

    def _serialize_time(self, time: float | None) -> str | None:
        return None if time is None else format_iso(time + self._skew)
