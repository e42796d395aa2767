"""A client of the control API, for tests; it needs nothing but the standard library."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from realtimekit_emulator.control.records import (
    Counts,
    EventRecord,
    MeetingState,
    RecordingState,
    RequestRecord,
    recording_state,
    request_record,
)

_FIRST_FAILURE = 400
_TIMEOUT = 10.0


class ControlError(Exception):
    """The control API refused; the text is its answer."""


@dataclass(frozen=True)
class FaultHandle:
    """A fault that is set."""

    id: int
    kind: str
    control: Control

    @property
    def hits(self) -> int:
        """Return how many calls it struck."""
        return int(self._shown()["hits"])

    @property
    def calls(self) -> int:
        """Return how many calls matched its pattern, struck or not."""
        return int(self._shown()["calls"])

    def remove(self) -> None:
        """Take the fault away."""
        self.control.send("DELETE", f"faults/{self.id}")

    def _shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.control.send("GET", f"faults/{self.id}")
        return shown


class Control:
    """Does to an emulator what no user of the real API could do.

    ``origin`` is scheme, host and port of the control API, such as ``http://127.0.0.1:8787``.
    """

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or 80

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send one request to the control API; raises ControlError with its text."""
        status, raw = self._exchange(method, path, body)
        answer = json.loads(raw)
        if status >= _FIRST_FAILURE:
            raise ControlError(answer.get("error", f"status {status}"))
        return answer

    def create_meeting(
        self, *, participants: int = 0, title: str | None = None, app_id: str | None = None
    ) -> MeetingState:
        """Create a meeting with some people in it; with nobody in it, it has no session."""
        body = {"participants": participants, "title": title, "app_id": app_id}
        return MeetingState(**self.send("POST", "meetings", body))

    def meeting(self, meeting_id: str) -> MeetingState:
        """Return a meeting as it is now."""
        return MeetingState(**self.send("GET", f"meetings/{meeting_id}"))

    def meetings(self) -> list[MeetingState]:
        """Return every meeting."""
        return [MeetingState(**one) for one in self.send("GET", "meetings")]

    def join(self, meeting_id: str, name: str = "somebody") -> str:
        """Let somebody enter; return the id with which to leave."""
        return str(self.send("POST", f"meetings/{meeting_id}/join", {"name": name})["id"])

    def leave(self, meeting_id: str, participant: str | None = None) -> MeetingState:
        """Let one go, or everybody where nobody is named."""
        body = {"participant": participant}
        return MeetingState(**self.send("POST", f"meetings/{meeting_id}/leave", body))

    def end_session(self, meeting_id: str) -> MeetingState:
        """End the live session of a meeting, whoever is in it."""
        return MeetingState(**self.send("POST", f"meetings/{meeting_id}/end"))

    def start_recording(self, meeting_id: str, reason: str = "API_CALL") -> str:
        """Start a recording from the dashboard; return its id."""
        answer = self.send("POST", f"meetings/{meeting_id}/recordings", {"reason": reason})
        return str(answer["id"])

    def recordings(self, meeting_id: str | None = None) -> list[RecordingState]:
        """Return every recording, oldest first, or those of one meeting."""
        shown = self.send("GET", _with("recordings", meeting_id=meeting_id))
        return [recording_state(one) for one in shown]

    def recording(self, recording_id: str) -> RecordingState:
        """Return one recording."""
        return recording_state(self.send("GET", f"recordings/{recording_id}"))

    def force(self, recording_id: str, status: str) -> RecordingState:
        """Put a recording into any state, known to the API or not."""
        answer = self.send("POST", f"recordings/{recording_id}/state", {"status": status})
        return recording_state(answer)

    def wait_for(self, recording_id: str, status: str, timeout: float = 5.0) -> RecordingState:
        """Wait until a recording is in a state; raises TimeoutError."""
        until = time.monotonic() + timeout
        while True:
            found = self.recording(recording_id)
            if found.status == status:
                return found
            if time.monotonic() > until:
                message = f"recording {recording_id} is {found.status}, not {status}"
                raise TimeoutError(message)
            time.sleep(0.01)

    def events(self, subject: str | None = None) -> list[EventRecord]:
        """Return what happened, to everything or to one recording or meeting."""
        return [EventRecord(**one) for one in self.send("GET", _with("events", subject=subject))]

    def requests(self, route: str | None = None, after: int = 0) -> list[RequestRecord]:
        """Return the requests to one route or to all, after a request's number."""
        shown = self.send("GET", _with("requests", route=route, after=after))
        return [request_record(one) for one in shown]

    def request_body(self, number: int) -> bytes:
        """Return what one request really sent, secrets included: never print it."""
        status, raw = self._exchange("GET", f"requests/{number}/body", None)
        if status >= _FIRST_FAILURE:
            message = f"request {number}: status {status}"
            raise ControlError(message)
        return raw

    def counts(self) -> Counts:
        """Return how many requests came, a route."""
        return Counts(**self.send("GET", "counts"))

    def settings(self) -> dict[str, Any]:
        """Return every setting."""
        shown: dict[str, Any] = self.send("GET", "settings")
        return shown

    def set(self, **changes: Any) -> None:
        """Change settings by their names."""
        self.send("PATCH", "settings", changes)

    def now(self) -> float:
        """Return the emulator's time in seconds since 1970."""
        return float(self.send("GET", "time")["now"])

    def advance(self, seconds: float) -> None:
        """Jump ahead in time; everything that becomes due happens, at its own moment."""
        self.send("POST", "time", {"advance": seconds})

    def scale_time(self, scale: float) -> None:
        """Let time pass so many times as fast; 0 freezes it."""
        self.send("POST", "time", {"scale": scale})

    def add_fault(self, kind: str, **spec: Any) -> FaultHandle:
        """Set a fault: a kind, which calls it strikes, and what the kind can be told."""
        shown = self.send("POST", "faults", {"kind": kind, **spec})
        return FaultHandle(shown["id"], kind, self)

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that are set, with their counts."""
        shown: list[dict[str, Any]] = self.send("GET", "faults")
        return shown

    def clear_faults(self) -> None:
        """Take every fault away."""
        self.send("DELETE", "faults")

    def refuse_connections(self, seconds: float | None = None) -> None:
        """Refuse connections for some real seconds, or until `accept_connections`."""
        self.send("POST", "network", {"listen": False, "seconds": seconds})

    def accept_connections(self) -> None:
        """Accept connections again."""
        self.send("POST", "network", {"listen": True})

    def set_token(self, token: str, state: str) -> None:
        """Make a token ``allowed``, ``forbidden`` (403) or ``revoked`` (401)."""
        self.send("POST", "tokens", {"token": token, "state": state})

    def reset(self) -> None:
        """Forget everything that happened, and return to the first settings."""
        self.send("POST", "reset")

    def _exchange(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, bytes]:
        connection = HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, f"/_emulator/{path}", payload)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _with(path: str, **query: Any) -> str:
    given = {key: value for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path
