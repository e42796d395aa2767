"""Which path of the emulated API leads where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from realtimekit_emulator.api import meetings as api_meetings
from realtimekit_emulator.api import recordings as api_recordings
from realtimekit_emulator.api import sessions as api_sessions
from realtimekit_emulator.api.envelopes import no_route
from realtimekit_emulator.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request, Response

BASE_PATH = "/client/v4"
_KIT = ("accounts", "*", "realtime", "kit", "*")
_NOT_ALLOWED = 405


@dataclass(frozen=True)
class Route:
    """A method and a path below the app; names in braces stand for any one segment."""

    name: str
    method: str
    path: str
    handler: Callable[[EmulatorState, Request], Response]

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the path in pieces."""
        return tuple(self.path.split("/"))

    @property
    def spends_recordings(self) -> bool:
        """Return whether a call counts against the budget of recordings."""
        return self.segments[0] == "recordings"


ROUTES = (
    Route("start_track", "POST", "recordings/track", api_recordings.start_track),
    Route("list_recordings", "GET", "recordings", api_recordings.listing),
    Route(
        "active_recording", "GET", "recordings/active-recording/{meeting_id}", api_recordings.active
    ),
    Route("get_recording", "GET", "recordings/{recording_id}", api_recordings.get_one),
    Route("act_on_recording", "PUT", "recordings/{recording_id}", api_recordings.act),
    Route("create_meeting", "POST", "meetings", api_meetings.create),
    Route("list_meetings", "GET", "meetings", api_meetings.listing),
    Route("get_meeting", "GET", "meetings/{meeting_id}", api_meetings.get_one),
    Route("update_meeting", "PATCH", "meetings/{meeting_id}", api_meetings.change),
    Route("replace_meeting", "PUT", "meetings/{meeting_id}", api_meetings.change),
    Route("invite", "POST", "meetings/{meeting_id}/participants", api_meetings.invite),
    Route(
        "list_participants", "GET", "meetings/{meeting_id}/participants", api_meetings.participants
    ),
    Route(
        "get_participant",
        "GET",
        "meetings/{meeting_id}/participants/{participant_id}",
        api_meetings.participant,
    ),
    Route(
        "uninvite",
        "DELETE",
        "meetings/{meeting_id}/participants/{participant_id}",
        api_meetings.uninvite,
    ),
    Route("active_session", "GET", "meetings/{meeting_id}/active-session", api_sessions.active),
    Route(
        "kick_all", "POST", "meetings/{meeting_id}/active-session/kick-all", api_sessions.kick_all
    ),
    Route("list_sessions", "GET", "sessions", api_sessions.listing),
    Route("get_session", "GET", "sessions/{session_id}", api_sessions.get_one),
    Route(
        "session_participants",
        "GET",
        "sessions/{session_id}/participants",
        api_sessions.participants,
    ),
)


class Router:
    """Finds routes by the number of their segments."""

    def __init__(self, routes: tuple[Route, ...] = ROUTES) -> None:
        self._by_length: dict[int, list[Route]] = {}
        for route in routes:
            self._by_length.setdefault(len(route.segments), []).append(route)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route of a path and what its names stand for, or refuse."""
        parts = path.removeprefix(BASE_PATH + "/").split("/")
        head, tail = parts[: len(_KIT)], parts[len(_KIT) :]
        if not path.startswith(BASE_PATH + "/") or not tail or not _matches(_KIT, head):
            raise no_route(path)
        found = [one for one in self._by_length.get(len(tail), ()) if _matches(one.segments, tail)]
        for route in found:
            if route.method == method:
                named = zip(route.segments, tail, strict=True)
                params = {name[1:-1]: value for name, value in named if name.startswith("{")}
                return route, {**params, "account_id": head[1], "app_id": head[4]}
        if found:
            message = f"Method {method} is not allowed for {path}"
            raise RefusalError(message, _NOT_ALLOWED, 10405)
        raise no_route(path)


def _matches(pattern: tuple[str, ...], parts: list[str]) -> bool:
    if len(pattern) != len(parts):
        return False
    return all(
        bool(part) if piece == "*" or piece.startswith("{") else part == piece
        for piece, part in zip(pattern, parts, strict=True)
    )
