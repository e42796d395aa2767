"""All meetings: people join and leave, and that makes sessions live."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from typing import Any

from realtimekit_emulator.errors import ConflictError, NotFoundError
from realtimekit_emulator.model.events import EventLog
from realtimekit_emulator.model.meeting import Meeting, Participant, Session, Visit
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.model.timers import Timers


class Meetings:
    """All meetings and sessions, by id and by app.

    `on_session_start`, `on_empty` and `on_session_end` are called when somebody has joined an
    empty meeting, when the last participant has left, and when a session has ended: recordings
    depend on all three.
    """

    def __init__(
        self, timers: Timers, events: EventLog, get_settings: Callable[[], Settings]
    ) -> None:
        self._timers = timers
        self._events = events
        self._get_settings = get_settings
        self._by_id: dict[str, Meeting] = {}
        self._by_app: dict[str, list[Meeting]] = {}
        self._sessions: dict[str, Session] = {}
        self._sessions_by_app: dict[str, list[Session]] = {}
        self.on_session_start: Callable[[Meeting, float], None] = lambda _meeting, _now: None
        self.on_empty: Callable[[Meeting, float], None] = lambda _meeting, _now: None
        self.on_session_end: Callable[[Meeting, float], None] = lambda _meeting, _now: None

    def create(self, app_id: str, options: dict[str, Any], now: float) -> Meeting:
        """Add a meeting with nobody in it."""
        meeting = Meeting(str(uuid.uuid4()), app_id, now, now, dict(options))
        meeting.status = str(meeting.options.pop("status", None) or "ACTIVE")
        self._by_id[meeting.id] = meeting
        self._by_app.setdefault(app_id, []).append(meeting)
        return meeting

    def get(self, meeting_id: str, app_id: str | None = None) -> Meeting:
        """Return a meeting; with ``app_id``, only if it belongs to that app.

        Raises:
            NotFoundError: There is no such meeting.
        """
        meeting = self._by_id.get(meeting_id)
        if meeting is None or app_id not in {None, meeting.app_id}:
            raise NotFoundError("Meeting not found")
        return meeting

    def list_by_app(self, app_id: str) -> list[Meeting]:
        """Return the meetings of an app, oldest first."""
        return self._by_app.get(app_id, [])

    def list_sessions(self, app_id: str) -> list[Session]:
        """Return the sessions of an app, oldest first."""
        return self._sessions_by_app.get(app_id, [])

    def get_session(self, session_id: str, app_id: str) -> Session:
        """Return one session of an app.

        Raises:
            NotFoundError: There is no such session.
        """
        session = self._sessions.get(session_id)
        if session is None or session.meeting.app_id != app_id:
            raise NotFoundError("Session not found")
        return session

    def update(self, meeting: Meeting, options: dict[str, Any], now: float) -> None:
        """Change what the API stores of a meeting."""
        options = dict(options)
        meeting.status = str(options.pop("status", None) or meeting.status)
        meeting.options.update(options)
        meeting.updated_at = now

    def invite(self, meeting: Meeting, body: dict[str, Any], now: float) -> Participant:
        """Add a participant from the body of the API's request; it may join, and has not yet."""
        participant = Participant(
            id=str(uuid.uuid4()),
            token=secrets.token_urlsafe(24),
            custom_participant_id=body["custom_participant_id"],
            preset_name=body["preset_name"],
            created_at=now,
            name=body.get("name"),
            picture=body.get("picture"),
        )
        meeting.participants[participant.id] = participant
        return participant

    def join(self, meeting: Meeting, name: str, now: float) -> Visit:
        """Let somebody join; the first one makes a session live.

        Raises:
            ConflictError: The meeting is inactive.
        """
        if meeting.status != "ACTIVE":
            raise ConflictError("Meeting is inactive")
        is_first = meeting.session is None
        session = meeting.session or self._start_session(meeting, now)
        visit = Visit(str(uuid.uuid4()), name, now)
        session.visits[visit.id] = visit
        session.present.add(visit.id)
        session.max_present = max(session.max_present, len(session.present))
        session.updated_at = now
        meeting.empty_since = None
        self._events.add(now, meeting.id, "joined", name)
        if is_first:
            self.on_session_start(meeting, now)
        return visit

    def leave(self, meeting: Meeting, visit_id: str, now: float) -> None:
        """Let somebody leave; after the last one the time of the empty meeting counts.

        Raises:
            NotFoundError: The visit is not in the live session.
        """
        session = meeting.session
        if session is None or visit_id not in session.present:
            raise NotFoundError("Participant is not in the meeting")
        session.present.discard(visit_id)
        session.visits[visit_id].left_at = now
        session.updated_at = now
        self._events.add(now, meeting.id, "left", session.visits[visit_id].name)
        if meeting.is_empty:
            self._schedule_session_end(meeting, session, now)

    def end_session(self, meeting: Meeting, now: float) -> None:
        """End the live session, whoever is in it.

        Raises:
            NotFoundError: No session is live.
        """
        session = meeting.session
        if session is None:
            raise NotFoundError("No active session found")
        for visit_id in session.present:
            session.visits[visit_id].left_at = now
        session.present.clear()
        session.ended_at = session.updated_at = now
        meeting.session = None
        meeting.empty_since = None
        self._events.add(now, meeting.id, "session_ended", session.id)
        self.on_session_end(meeting, now)

    def _start_session(self, meeting: Meeting, now: float) -> Session:
        session = Session(str(uuid.uuid4()), meeting, now, now)
        meeting.session = session
        meeting.sessions.append(session)
        self._sessions[session.id] = session
        self._sessions_by_app.setdefault(meeting.app_id, []).append(session)
        self._events.add(now, meeting.id, "session_started", session.id)
        return session

    def _schedule_session_end(self, meeting: Meeting, session: Session, now: float) -> None:
        meeting.empty_since = now

        def end_if_still_empty(due: float) -> None:
            if meeting.session is session and meeting.empty_since == now:
                self.end_session(meeting, due)

        self.on_empty(meeting, now)
        self._timers.add(now + self._get_settings().keep_alive_seconds, end_if_still_empty)
