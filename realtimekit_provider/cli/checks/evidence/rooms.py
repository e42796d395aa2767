"""The meetings of recordings that are not deployed, as the API has them now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.api.models.status import DesiredState
from realtimekit_provider.cli.checks.evidence.access_calls import App
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.errors import CallError, SettingsError
from realtimekit_provider.schema.suggestions import closest_match

__all__ = ["Room", "read_rooms"]

_STOPPED: DesiredState = "STOPPED"
_MOST_MEETINGS = 20
"""A call each: who has more recordings that are not deployed has not run a deployment."""


@dataclass(frozen=True)
class Room:
    """What the API says of a meeting.

    Attributes:
        exists: Whether the app has it.
        is_empty: Whether nobody is in it.
        similar_id: A meeting whose id is nearly the same, where the app does not have this one.
    """

    exists: bool = True
    is_empty: bool = False
    similar_id: str | None = None


def read_rooms(stack: ExaminedStack, declared: Mapping[str, Mapping[str, Any]]) -> dict[str, Room]:
    """Return what the API says of the meetings of recordings, by name, as far as it answers.

    Args:
        stack: The stack.
        declared: The recordings, of which the first twenty that are to run are asked for.
    """
    rooms: dict[str, Room] = {}
    live: dict[App, list[str]] = {}
    asked = [name for name, given in declared.items() if _is_to_run(given)][:_MOST_MEETINGS]
    with suppress(CallError, SettingsError):
        for name in asked:
            rooms[name] = _read_room(stack, declared[name], live)
    return rooms


def _is_to_run(given: Mapping[str, Any]) -> bool:
    return isinstance(given.get("meeting_id"), str) and given.get("desired_state") != _STOPPED


def _read_room(stack: ExaminedStack, given: Mapping[str, Any], live: dict[App, list[str]]) -> Room:
    meeting_id, app = str(given["meeting_id"]), stack.get_app(given)
    client = stack.create_client(*app)
    if client.is_anybody_in(meeting_id):
        return Room()
    if client.has_meeting(meeting_id):
        return Room(is_empty=True)
    if app not in live:
        live[app] = list(client.list_live_meetings())
    known = {*live[app], *_list_known_meetings(stack)}
    return Room(exists=False, similar_id=closest_match(meeting_id, known - {meeting_id}))


def _list_known_meetings(stack: ExaminedStack) -> Iterator[str]:
    """Yield the meetings that the stack has recordings of."""
    for held in stack.state.require().recordings:
        if held.stored.inputs.meeting_id:
            yield held.stored.inputs.meeting_id
