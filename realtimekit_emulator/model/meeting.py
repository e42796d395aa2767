"""What a meeting is: its participants, and its sessions with those who attend them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Participant:
    """Somebody invited to a meeting, whether present or not."""

    id: str
    token: str
    custom_participant_id: str
    preset_name: str
    created_at: float
    name: str | None = None
    picture: str | None = None


@dataclass
class Visit:
    """One stay of somebody in a session, from joining to leaving."""

    id: str
    name: str
    joined_at: float
    left_at: float | None = None

    def get_left_at(self, as_of: float) -> float | None:
        """Return when it ended, or None where that was not before ``as_of``."""
        return None if self.left_at is None or self.left_at > as_of else self.left_at

    def count_seconds(self, as_of: float) -> float:
        """Return how long it had lasted at a time."""
        return max(0.0, (self.get_left_at(as_of) or as_of) - self.joined_at)

    def is_present_at(self, time: float) -> bool:
        """Return whether somebody was there at a time."""
        return self.joined_at <= time and self.get_left_at(time) is None


@dataclass
class Session:
    """The time from when somebody joined an empty meeting until it ended.

    ``visits`` are all stays by their ids, ``present`` the ids of those who are there now.
    """

    id: str
    meeting: Meeting
    started_at: float
    updated_at: float
    ended_at: float | None = None
    visits: dict[str, Visit] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    max_present: int = 0

    def is_live_at(self, time: float) -> bool:
        """Return whether it was live at a time."""
        return self.started_at <= time and (self.ended_at is None or self.ended_at > time)

    def count_present_at(self, time: float) -> int:
        """Return how many people were in it at a time."""
        return sum(visit.is_present_at(time) for visit in self.visits.values())

    def count_minutes(self, until: float) -> float:
        """Return the minutes that all participants together had spent in it at a time."""
        return round(sum(visit.count_seconds(until) for visit in self.visits.values()) / 60, 2)


@dataclass
class Meeting:
    """A room that can be used again and again.

    Attributes:
        options: What the API stores of it, by the names of the API.
        session: The live session.
        empty_since: When the last participant left, while the session is live.
    """

    id: str
    app_id: str
    created_at: float
    updated_at: float
    options: dict[str, Any] = field(default_factory=dict)
    status: str = "ACTIVE"
    participants: dict[str, Participant] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    session: Session | None = None
    empty_since: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in it, so that nothing can be recorded."""
        return self.session is None or not self.session.present

    def find_live_session(self, time: float) -> Session | None:
        """Return the session that was live at a time, or None."""
        return next((one for one in reversed(self.sessions) if one.is_live_at(time)), None)

    @property
    def title(self) -> str:
        """Return the title, or an empty string."""
        return str(self.options.get("title") or "")
