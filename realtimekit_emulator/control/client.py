"""A client of the control API, for tests; it needs nothing but the standard library."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from realtimekit_emulator.control.client_models import (
    Counts,
    EventRecord,
    MeetingState,
    RecordingState,
    RequestRecord,
    parse_recording_state,
    parse_request_record,
)

_FIRST_ERROR_STATUS = 400
_TIMEOUT = 10.0


class ControlError(Exception):
    """The control API refused a request; the text is its response."""


@dataclass(frozen=True)
class FaultHandle:
    """An active fault: its id, its kind, and the client that added it."""

    id: int
    kind: str
    control: Control

    @property
    def hits(self) -> int:
        """Return how many requests it affected."""
        return int(self._fetch()["hits"])

    @property
    def calls(self) -> int:
        """Return how many requests matched its pattern, affected or not."""
        return int(self._fetch()["calls"])

    def remove(self) -> None:
        """Remove the fault."""
        self.control.send("DELETE", f"faults/{self.id}")

    def _fetch(self) -> dict[str, Any]:
        document: dict[str, Any] = self.control.send("GET", f"faults/{self.id}")
        return document


class Control:
    """The client of the control API, which does what no client of the real API could.

    ``origin`` is scheme, host and port of the control API, such as ``http://127.0.0.1:8787``.
    """

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or 80

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send one request to the control API; raises ControlError with its text."""
        status, raw = self._exchange(method, path, body)
        document = json.loads(raw)
        if status >= _FIRST_ERROR_STATUS:
            raise ControlError(document.get("error", f"status {status}"))
        return document

    def create_meeting(
        self,
        *,
        participants: int = 0,
        title: str | None = None,
        app_id: str | None = None,
        record_on_start: bool = False,
    ) -> MeetingState:
        """Create a meeting with some people in it; with nobody in it, it has no session.

        With ``record_on_start`` each of its sessions begins with a composite recording.
        """
        body = {
            "participants": participants,
            "title": title,
            "app_id": app_id,
            "record_on_start": record_on_start,
        }
        return MeetingState(**self.send("POST", "meetings", body))

    def meeting(self, meeting_id: str) -> MeetingState:
        """Return a meeting as it is now."""
        return MeetingState(**self.send("GET", f"meetings/{meeting_id}"))

    def meetings(self) -> list[MeetingState]:
        """Return every meeting."""
        return [MeetingState(**meeting) for meeting in self.send("GET", "meetings")]

    def join(self, meeting_id: str, name: str = "somebody") -> str:
        """Let somebody join; return the id with which to leave."""
        return str(self.send("POST", f"meetings/{meeting_id}/join", {"name": name})["id"])

    def leave(self, meeting_id: str, participant: str | None = None) -> MeetingState:
        """Let one participant leave, or all where none is named."""
        body = {"participant": participant}
        return MeetingState(**self.send("POST", f"meetings/{meeting_id}/leave", body))

    def end_session(self, meeting_id: str) -> MeetingState:
        """End the live session of a meeting, whoever is in it."""
        return MeetingState(**self.send("POST", f"meetings/{meeting_id}/end"))

    def start_recording(
        self,
        meeting_id: str,
        reason: str = "API_CALL",
        *,
        type: str = "TRACK",  # noqa: A002 - the API's name
        file_format: str = "mp4",
    ) -> str:
        """Start a recording from the dashboard; return its id.

        ``type`` is TRACK or COMPOSITE, and ``file_format`` that of a composite one: mp4 or webm.
        """
        body = {"reason": reason, "type": type, "file_format": file_format}
        document = self.send("POST", f"meetings/{meeting_id}/recordings", body)
        return str(document["id"])

    def recordings(self, meeting_id: str | None = None) -> list[RecordingState]:
        """Return every recording, oldest first, or those of one meeting."""
        documents = self.send("GET", _add_query("recordings", meeting_id=meeting_id))
        return [parse_recording_state(document) for document in documents]

    def recording(self, recording_id: str) -> RecordingState:
        """Return one recording."""
        return parse_recording_state(self.send("GET", f"recordings/{recording_id}"))

    def force(self, recording_id: str, status: str) -> RecordingState:
        """Give a recording any status, known to the API or not."""
        document = self.send("POST", f"recordings/{recording_id}/state", {"status": status})
        return parse_recording_state(document)

    def wait_for(self, recording_id: str, status: str, timeout: float = 30.0) -> RecordingState:
        """Wait until a recording has a status, for ``timeout`` seconds; raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while True:
            recording = self.recording(recording_id)
            if recording.status == status:
                return recording
            if time.monotonic() > deadline:
                raise TimeoutError(f"recording {recording_id} is {recording.status}, not {status}")
            time.sleep(0.01)

    def events(self, subject: str | None = None) -> list[EventRecord]:
        """Return what happened, to everything or to one recording or meeting."""
        return [
            EventRecord(**event)
            for event in self.send("GET", _add_query("events", subject=subject))
        ]

    def requests(self, route: str | None = None, after: int = 0) -> list[RequestRecord]:
        """Return the requests to one route or to all, after a request's number."""
        documents = self.send("GET", _add_query("requests", route=route, after=after))
        return [parse_request_record(document) for document in documents]

    def request_body(self, number: int) -> bytes:
        """Return what one request really sent, secrets included: never print it."""
        status, raw = self._exchange("GET", f"requests/{number}/body", None)
        if status >= _FIRST_ERROR_STATUS:
            raise ControlError(f"request {number}: status {status}")
        return raw

    def counts(self) -> Counts:
        """Return how many requests came for each route, and how close they came to the limits."""
        return Counts(**self.send("GET", "counts"))

    def settings(self) -> dict[str, Any]:
        """Return every setting by its name."""
        settings: dict[str, Any] = self.send("GET", "settings")
        return settings

    def set(self, **changes: Any) -> None:
        """Change settings by their names."""
        self.send("PATCH", "settings", changes)

    def now(self) -> float:
        """Return the emulator's time in seconds since 1970."""
        return float(self.send("GET", "time")["now"])

    def advance(self, seconds: float) -> None:
        """Jump ahead in time; everything that becomes due happens, each at its own time."""
        self.send("POST", "time", {"advance": seconds})

    def scale_time(self, scale: float) -> None:
        """Let time pass ``scale`` times as fast; 0 freezes it."""
        self.send("POST", "time", {"scale": scale})

    def add_fault(self, kind: str, **spec: Any) -> FaultHandle:
        """Add a fault: its kind, the requests that it affects, and the options of the kind."""
        document = self.send("POST", "faults", {"kind": kind, **spec})
        return FaultHandle(document["id"], kind, self)

    def faults(self) -> list[dict[str, Any]]:
        """Return the active faults: id, kind, spec, calls and hits of each."""
        documents: list[dict[str, Any]] = self.send("GET", "faults")
        return documents

    def clear_faults(self) -> None:
        """Remove every fault."""
        self.send("DELETE", "faults")

    def refuse_connections(self, seconds: float | None = None) -> None:
        """Refuse connections for some real seconds, or until `accept_connections`."""
        self.send("POST", "network", {"listen": False, "seconds": seconds})

    def accept_connections(self) -> None:
        """Accept connections again."""
        self.send("POST", "network", {"listen": True})

    def set_token(
        self, token: str, state: str, *, owner: str = "user", expires_in: float | None = None
    ) -> None:
        """Make a token ``allowed``, ``forbidden`` (403), ``revoked`` or ``disabled`` (401).

        ``owner`` is ``user`` or ``account``. In ``expires_in`` seconds it no longer works, also
        of a negative number; None is for never.
        """
        body = {"token": token, "state": state, "owner": owner, "expires_in": expires_in}
        self.send("POST", "tokens", body)

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


def _add_query(path: str, **query: Any) -> str:
    parameters = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(parameters)}" if parameters else path
