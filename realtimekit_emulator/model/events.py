"""The log of what happened to meetings and recordings, for tests to read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``subject`` is the id of a recording or a meeting."""

    time: float
    subject: str
    name: str
    detail: str = ""


class EventLog:
    """Events in the order in which they happened, with an index by subject."""

    def __init__(self) -> None:
        self._all: list[Event] = []
        self._by_subject: defaultdict[str, list[Event]] = defaultdict(list)

    def add(self, time: float, subject: str, name: str, detail: str = "") -> None:
        """Add one event."""
        event = Event(time, subject, name, detail)
        self._all.append(event)
        self._by_subject[subject].append(event)

    def list_events(self, subject: str | None = None) -> list[Event]:
        """Return every event, or those of one recording or meeting."""
        return list(self._all if subject is None else self._by_subject.get(subject, ()))
