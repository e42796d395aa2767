"""Requests and responses as the emulator sees them, free of any HTTP library."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from realtimekit_emulator.errors import InvalidRequestError, MalformedBodyError


@dataclass
class Request:
    """One request received.

    Attributes:
        number: Its place in the order in which requests were complete, from 1; 0 for requests to
            the control API.
        method: The HTTP method, in capitals.
        path: The path, without the query.
        query: Names and values of the query, in their order, repetitions included.
        token: The bearer token, or None.
        body: The bytes of the body.
        received: When it arrived, in seconds of the emulator's clock.
        port: The client's port: requests that share it came over one connection.
        route: The name of its route, "unknown" until it is found.
        params: What the path names, such as ``meeting_id``.
        lag: Seconds that a fault adds to the age of the recordings in the response.
        session_lag: Likewise for sessions.
        page_limit: Entries that a fault allows on a page, or None.
        page_shift: Entries that a fault adds before every page but the first; negative where it
            removes them.
        skew: Seconds that a fault adds to the timestamps in the response.
    """

    number: int
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    token: str | None
    body: bytes
    received: float
    port: int
    route: str = "unknown"
    params: dict[str, str] = field(default_factory=dict)
    lag: float = 0.0
    session_lag: float = 0.0
    page_limit: int | None = None
    page_shift: int = 0
    skew: float = 0.0

    @property
    def ray(self) -> str:
        """Return the value of the ``cf-ray`` header: the request's id for Cloudflare's support."""
        return f"{0x8F00_0000_0000_0000 + self.number:016x}-EMU"

    def parse_object(self, *, allow_empty: bool = False) -> dict[str, Any]:
        """Return the JSON object in the body.

        Raises:
            MalformedBodyError: The body is not JSON.
            InvalidRequestError: It is JSON, and no object.
        """
        if allow_empty and not self.body.strip():
            return {}
        try:
            value = json.loads(self.body)
        except ValueError:
            raise MalformedBodyError("Malformed JSON in request body") from None
        if not isinstance(value, dict):
            raise InvalidRequestError('"value" must be of type object')
        return value

    def query_value(self, name: str) -> str | None:
        """Return a query parameter, the last one where it is repeated."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    def query_values(self, name: str) -> list[str]:
        """Return every value of a query parameter, repeated, bracketed or comma-separated."""
        names = {name, f"{name}[]"}
        return [part for key, value in self.query if key in names for part in value.split(",")]


class Ending(Enum):
    """How a response ends."""

    COMPLETE = "complete"
    """All of it is sent."""
    CUT = "cut"
    """The connection is reset, after as many bytes of the body as `Response.cut_after` says."""
    DRIP = "drip"
    """The body never ends: one byte after the other, `Response.drip_seconds` apart."""


@dataclass
class Response:
    """What is sent back: ``document`` as JSON, or ``raw`` as it is.

    Attributes:
        status: The HTTP status.
        document: What the body holds as JSON.
        raw: The bytes of the body, instead of ``document``.
        content_type: The media type of the body.
        headers: Further headers.
        ending: How the response ends.
        cut_after: Bytes of the body before the connection is reset; None sends nothing at all.
        drip_seconds: Real seconds between two bytes of a body that never ends.
    """

    status: int = 200
    document: Any = None
    raw: bytes | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    ending: Ending = Ending.COMPLETE
    cut_after: int | None = None
    drip_seconds: float = 0.1

    def encode_body(self) -> bytes:
        """Return the bytes of the body."""
        if self.raw is not None:
            return self.raw
        return json.dumps(self.document, separators=(",", ":")).encode()
