"""Meetings, who is in them, and the live sessions that this makes."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.errors import ConflictError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from realtimekit_emulator.model.events import EventLog
    from realtimekit_emulator.model.settings import Settings
    from realtimekit_emulator.model.timers import Timers


@dataclass
class Participant:
    """Somebody invited to a meeting, whether there or not."""

    id: str
    token: str
    custom_participant_id: str
    preset_name: str
    created_at: float
    name: str | None = None
    picture: str | None = None


@dataclass
class Visit:
    """One stay of somebody in a session."""

    id: str
    name: str
    joined_at: float
    left_at: float | None = None


@dataclass
class Session:
    """A stretch of time in which a meeting was alive."""

    id: str
    meeting: Meeting
    started_at: float
    updated_at: float
    ended_at: float | None = None
    visits: dict[str, Visit] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    most_present: int = 0

    def minutes(self, now: float) -> float:
        """Return the minutes consumed by everybody together."""
        end = self.ended_at or now
        stays = ((one.left_at or end) - one.joined_at for one in self.visits.values())
        return round(sum(stays) / 60, 2)


@dataclass
class Meeting:
    """A room that can be used again and again; `options` is what the API stores of it."""

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
    def title(self) -> str:
        """Return the title, or an empty string."""
        return str(self.options.get("title") or "")

    @property
    def attended(self) -> bool:
        """Return whether a session is live and somebody is in it."""
        return self.session is not None and bool(self.session.present)


class Meetings:
    """All meetings and sessions, by id and by app.

    `on_emptied` and `on_ended` are called when the last participant left and when a session
    ended: recordings depend on both.
    """

    def __init__(self, timers: Timers, events: EventLog, settings: Callable[[], Settings]) -> None:
        self._timers = timers
        self._events = events
        self._settings = settings
        self._by_id: dict[str, Meeting] = {}
        self._by_app: dict[str, list[Meeting]] = {}
        self._sessions: dict[str, Session] = {}
        self._sessions_by_app: dict[str, list[Session]] = {}
        self.on_emptied: Callable[[Meeting, float], None] = lambda _meeting, _now: None
        self.on_ended: Callable[[Meeting, float], None] = lambda _meeting, _now: None

    def create(self, app_id: str, options: dict[str, Any], now: float) -> Meeting:
        """Add a meeting with nobody in it."""
        meeting = Meeting(str(uuid.uuid4()), app_id, now, now, dict(options))
        meeting.status = str(meeting.options.pop("status", None) or "ACTIVE")
        self._by_id[meeting.id] = meeting
        self._by_app.setdefault(app_id, []).append(meeting)
        return meeting

    def get(self, meeting_id: str, app_id: str | None = None) -> Meeting:
        """Return a meeting; with ``app_id``, only if it is of that app."""
        meeting = self._by_id.get(meeting_id)
        if meeting is None or app_id not in {None, meeting.app_id}:
            message = "Meeting not found"
            raise NotFoundError(message)
        return meeting

    def of_app(self, app_id: str) -> list[Meeting]:
        """Return the meetings of an app, oldest first."""
        return self._by_app.get(app_id, [])

    def sessions_of_app(self, app_id: str) -> list[Session]:
        """Return the sessions of an app, oldest first."""
        return self._sessions_by_app.get(app_id, [])

    def session(self, session_id: str, app_id: str) -> Session:
        """Return one session of an app."""
        session = self._sessions.get(session_id)
        if session is None or session.meeting.app_id != app_id:
            message = "Session not found"
            raise NotFoundError(message)
        return session

    def change(self, meeting: Meeting, options: dict[str, Any], now: float) -> None:
        """Change what the API stores of a meeting."""
        options = dict(options)
        meeting.status = str(options.pop("status", None) or meeting.status)
        meeting.options.update(options)
        meeting.updated_at = now

    def invite(self, meeting: Meeting, about: dict[str, Any], now: float) -> Participant:
        """Add a participant who may join; joining is another matter."""
        participant = Participant(
            id=str(uuid.uuid4()),
            token=secrets.token_urlsafe(24),
            custom_participant_id=about["custom_participant_id"],
            preset_name=about["preset_name"],
            created_at=now,
            name=about.get("name"),
            picture=about.get("picture"),
        )
        meeting.participants[participant.id] = participant
        return participant

    def join(self, meeting: Meeting, name: str, now: float) -> Visit:
        """Let somebody enter; the first one makes a session live."""
        if meeting.status != "ACTIVE":
            message = "Meeting is inactive"
            raise ConflictError(message)
        session = meeting.session or self._begin(meeting, now)
        visit = Visit(str(uuid.uuid4()), name, now)
        session.visits[visit.id] = visit
        session.present.add(visit.id)
        session.most_present = max(session.most_present, len(session.present))
        session.updated_at = now
        meeting.empty_since = None
        self._events.add(now, meeting.id, "joined", name)
        return visit

    def leave(self, meeting: Meeting, visit_id: str, now: float) -> None:
        """Let somebody go; with the last one the clocks of the empty room start."""
        session = meeting.session
        if session is None or visit_id not in session.present:
            message = "Participant is not in the meeting"
            raise NotFoundError(message)
        session.present.discard(visit_id)
        session.visits[visit_id].left_at = now
        session.updated_at = now
        self._events.add(now, meeting.id, "left", session.visits[visit_id].name)
        if not session.present:
            self._emptied(meeting, session, now)

    def end_session(self, meeting: Meeting, now: float) -> None:
        """End the live session, whoever is in it."""
        session = meeting.session
        if session is None:
            message = "No active session found"
            raise NotFoundError(message)
        for visit_id in session.present:
            session.visits[visit_id].left_at = now
        session.present.clear()
        session.ended_at = session.updated_at = now
        meeting.session = None
        meeting.empty_since = None
        self._events.add(now, meeting.id, "session_ended", session.id)
        self.on_ended(meeting, now)

    def _begin(self, meeting: Meeting, now: float) -> Session:
        session = Session(str(uuid.uuid4()), meeting, now, now)
        meeting.session = session
        meeting.sessions.append(session)
        self._sessions[session.id] = session
        self._sessions_by_app.setdefault(meeting.app_id, []).append(session)
        self._events.add(now, meeting.id, "session_started", session.id)
        return session

    def _emptied(self, meeting: Meeting, session: Session, now: float) -> None:
        meeting.empty_since = now

        def end(due: float) -> None:
            if meeting.session is session and meeting.empty_since == now:
                self.end_session(meeting, due)

        self.on_emptied(meeting, now)
        self._timers.add(now + self._settings().keep_alive_seconds, end)
