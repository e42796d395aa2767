"""A request and its answer as the emulator sees them, free of any HTTP library."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from realtimekit_emulator.errors import InvalidError, MalformedError


@dataclass
class Request:
    """One request received.

    ``port`` is the client's: requests that share it came over one connection, while it is kept.
    ``lag`` and ``skew`` are seconds that faults add: how old the answer's view of the recordings
    is, and how wrong the answer's clock is.
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
    skew: float = 0.0

    @property
    def ray(self) -> str:
        """Return the name under which support would find this request."""
        return f"{0x8F00_0000_0000_0000 + self.number:016x}-EMU"

    def json_object(self, *, empty_allowed: bool = False) -> dict[str, Any]:
        """Return the body, which must be a JSON object."""
        if empty_allowed and not self.body.strip():
            return {}
        try:
            value = json.loads(self.body)
        except ValueError:
            message = "Malformed JSON in request body"
            raise MalformedError(message) from None
        if not isinstance(value, dict):
            message = '"value" must be of type object'
            raise InvalidError(message)
        return value

    def query_value(self, name: str) -> str | None:
        """Return a query parameter, the last where it is repeated."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    def query_values(self, name: str) -> list[str]:
        """Return every value of a query parameter, repeated, bracketed or comma-separated."""
        names = {name, f"{name}[]"}
        return [part for key, value in self.query if key in names for part in value.split(",")]


class Ending(Enum):
    """How an answer leaves the server."""

    WHOLE = "whole"
    """Completely, as it should."""
    CUT = "cut"
    """The connection is reset, after as many bytes of the body as `Response.cut_after` says."""
    DRIP = "drip"
    """The body goes on forever, a byte now and then."""


@dataclass
class Response:
    """What is sent back: ``document`` as JSON, or ``raw`` as it is."""

    status: int = 200
    document: Any = None
    raw: bytes | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    ending: Ending = Ending.WHOLE
    cut_after: int | None = None
    drip_seconds: float = 0.1

    def payload(self) -> bytes:
        """Return the bytes of the body."""
        if self.raw is not None:
            return self.raw
        return json.dumps(self.document, separators=(",", ":")).encode()
