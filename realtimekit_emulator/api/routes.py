"""The paths of the emulated API, and the handler of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from realtimekit_emulator.api import meetings, recordings, sessions, tokens
from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.errors import MethodNotAllowedError, RouteNotFoundError
from realtimekit_emulator.messages import Response

BASE_PATH = "/client/v4"
"""The beginning of all paths of the API."""

_KIT = "accounts/{account_id}/realtime/kit/{app_id}"
_PARTICIPANT = "meetings/{meeting_id}/participants/{participant_id}"


@dataclass(frozen=True)
class Route:
    """A method and a path below ``root``; names in braces stand for any one segment."""

    name: str
    method: str
    path: str
    handler: Callable[[ApiRequest], Response]
    root: str = _KIT

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the parts of the whole path."""
        return (*self.root.split("/"), *self.path.split("/"))

    @property
    def is_for_kit(self) -> bool:
        """Return whether the path is below an app, so that it needs the permission for it."""
        return self.root == _KIT

    @property
    def is_for_recordings(self) -> bool:
        """Return whether a request counts against the budget of recordings."""
        return self.is_for_kit and self.path.split("/")[0] == "recordings"


ROUTES = (
    Route("start_track", "POST", "recordings/track", recordings.start_track_recording),
    Route("list_recordings", "GET", "recordings", recordings.list_recordings),
    Route(
        "active_recording",
        "GET",
        "recordings/active-recording/{meeting_id}",
        recordings.get_active_recording,
    ),
    Route("get_recording", "GET", "recordings/{recording_id}", recordings.get_recording),
    Route("act_on_recording", "PUT", "recordings/{recording_id}", recordings.act_on_recording),
    Route("create_meeting", "POST", "meetings", meetings.create_meeting),
    Route("list_meetings", "GET", "meetings", meetings.list_meetings),
    Route("get_meeting", "GET", "meetings/{meeting_id}", meetings.get_meeting),
    Route("update_meeting", "PATCH", "meetings/{meeting_id}", meetings.update_meeting),
    Route("replace_meeting", "PUT", "meetings/{meeting_id}", meetings.update_meeting),
    Route("invite", "POST", "meetings/{meeting_id}/participants", meetings.add_participant),
    Route(
        "list_participants",
        "GET",
        "meetings/{meeting_id}/participants",
        meetings.list_participants,
    ),
    Route("get_participant", "GET", _PARTICIPANT, meetings.get_participant),
    Route("uninvite", "DELETE", _PARTICIPANT, meetings.remove_participant),
    Route(
        "active_session",
        "GET",
        "meetings/{meeting_id}/active-session",
        sessions.get_active_session,
    ),
    Route("kick_all", "POST", "meetings/{meeting_id}/active-session/kick-all", sessions.kick_all),
    Route("list_sessions", "GET", "sessions", sessions.list_sessions),
    Route("get_session", "GET", "sessions/{session_id}", sessions.get_session),
    Route(
        "session_participants",
        "GET",
        "sessions/{session_id}/participants",
        sessions.list_session_participants,
    ),
    Route(
        "verify_account_token",
        "GET",
        "tokens/verify",
        tokens.verify_account_token,
        root="accounts/{account_id}",
    ),
    Route("verify_user_token", "GET", "tokens/verify", tokens.verify_user_token, root="user"),
)
"""All routes, in the order of the reference; faults call them by their names."""


class Router:
    """Finds routes by the number of their segments."""

    def __init__(self, routes: tuple[Route, ...] = ROUTES) -> None:
        self._by_length: dict[int, list[Route]] = {}
        for route in routes:
            self._by_length.setdefault(len(route.segments), []).append(route)

    def find_route(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route of a path, and the values of the names in it.

        Raises:
            RouteNotFoundError: The API has no such path.
            MethodNotAllowedError: It has the path, for other methods.
        """
        parts = path.removeprefix(BASE_PATH + "/").split("/")
        if not path.startswith(BASE_PATH + "/"):
            raise RouteNotFoundError(path)
        routes = [
            route
            for route in self._by_length.get(len(parts), ())
            if _is_match(route.segments, parts)
        ]
        for route in routes:
            if route.method == method:
                pairs = zip(route.segments, parts, strict=True)
                return route, {name[1:-1]: part for name, part in pairs if name.startswith("{")}
        if routes:
            raise MethodNotAllowedError(f"Method {method} is not allowed for {path}")
        raise RouteNotFoundError(path)


def _is_match(pattern: tuple[str, ...], parts: list[str]) -> bool:
    if len(pattern) != len(parts):
        return False
    return all(
        bool(part) if segment.startswith("{") else part == segment
        for segment, part in zip(pattern, parts, strict=True)
    )
