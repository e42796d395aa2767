"""The control handlers of what the emulator has logged: requests, counts and events."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from realtimekit_emulator.control.control_request import ControlRequest
from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.messages import Response


def list_requests(request: ControlRequest) -> Any:
    """List the requests received, without secrets."""
    entries = request.state.requests.list_entries(
        request.query.get("route"), int(request.query.get("after", "0"))
    )
    return [entry.to_dict() for entry in entries]


def get_request_body(request: ControlRequest) -> Any:
    """Return what one request sent, secrets included."""
    body = request.state.requests.get_body(int(request.id))
    if body is None:
        raise NotFoundError(f"request {request.id} is not in the log")
    return Response(raw=body, content_type="application/octet-stream")


def get_counts(request: ControlRequest) -> Any:
    """Count requests by route, and how close they came to the limits."""
    state = request.state
    return {
        "routes": dict(state.requests.counts),
        "exceeded": dict(state.rate_limits.exceeded),
        "most_in_window": dict(state.rate_limits.most),
    }


def list_events(request: ControlRequest) -> Any:
    """List what happened, to everything or to one recording or meeting."""
    events = request.state.events.list_events(request.query.get("subject"))
    return [asdict(event) for event in events]


ROUTES = {
    "GET requests": list_requests,
    "GET requests/*/body": get_request_body,
    "GET counts": get_counts,
    "GET events": list_events,
}
