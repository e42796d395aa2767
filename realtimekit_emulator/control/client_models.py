"""What the control client returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MeetingState:
    """A meeting; ``participants`` are the ids of those who are in it now, needed for leaving."""

    id: str
    app_id: str
    title: str
    session_id: str | None
    participants: list[str]


@dataclass(frozen=True)
class EventRecord:
    """One thing that happened to a recording or a meeting, in the emulator's time."""

    time: float
    subject: str
    name: str
    detail: str


@dataclass(frozen=True)
class RecordingState:
    """Everything about a recording; times are seconds since 1970 of the emulator's clock."""

    id: str
    app_id: str
    meeting_id: str
    session_id: str | None
    type: str
    status: str
    invoked_time: float
    started_time: float | None
    stopped_time: float | None
    uploaded_time: float | None
    seconds: float
    max_seconds: float | None
    user_ids: list[str]
    start_reason: str
    stop_reason: str | None
    layers: dict[str, Any]
    events: list[EventRecord]

    @property
    def event_names(self) -> list[str]:
        """Return what happened, without times and details."""
        return [event.name for event in self.events]


@dataclass(frozen=True)
class RequestRecord:
    """One request received; ``status`` is None where the connection was cut instead.

    ``port`` is the client's, by which the requests of one connection are known.
    Secrets in ``body`` are redacted; `Control.request_body` returns what really came.
    """

    number: int
    time: float
    method: str
    path: str
    query: list[tuple[str, str]]
    route: str
    ray: str
    port: int
    status: int | None
    faults: list[str]
    body: Any = field(repr=False)


@dataclass(frozen=True)
class Counts:
    """How many requests came.

    Attributes:
        routes: The number of requests by the name of the route.
        exceeded: How often a budget was, or would have been, exceeded.
        most_in_window: The most requests that were in one window.
    """

    routes: dict[str, int]
    exceeded: dict[str, int]
    most_in_window: dict[str, int]

    def of(self, route: str) -> int:
        """Return the requests to one route."""
        return self.routes.get(route, 0)

    @property
    def total(self) -> int:
        """Return all requests."""
        return sum(self.routes.values())


def parse_recording_state(document: dict[str, Any]) -> RecordingState:
    """Read what the control API shows of a recording."""
    events = [EventRecord(**event) for event in document["events"]]
    return RecordingState(**{**document, "events": events})


def parse_request_record(document: dict[str, Any]) -> RequestRecord:
    """Read what the control API shows of a request."""
    query = [(key, value) for key, value in document["query"]]
    return RequestRecord(**{**document, "query": query})
