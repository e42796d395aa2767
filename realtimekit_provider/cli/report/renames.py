"""Recordings that a change gives another name without saying so: pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.api.models.status import NOT_STARTED, get_phase
from realtimekit_provider.cli.changes.effects import Phrase, quote
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.recordings.inputs import fill_in_defaults

__all__ = ["describe_renames"]


def describe_renames(preview: StackPreview, label: str) -> Iterator[Phrase]:
    """Yield a warning for each new recording whose meeting another name of the stack records.

    Its start is refused, since the engine deletes the other one afterwards.

    Args:
        preview: The preview of the stack.
        label: How the stack is shown.
    """
    old = {_get_meeting(one.before): one.name for one in preview.changes if _is_removed(one)}
    for change in preview.changes:
        name = old.get(_get_meeting(change.after)) if _is_started(change) else None
        if name is not None:
            alias = f"aliases: [{json.dumps(name, ensure_ascii=False)}]"
            yield (
                *("stack ", quote(label), ": ", quote(change.name)),
                *(" is of the same meeting as ", quote(name), ", which is no longer declared. "),
                *(
                    "If it is a new name, add ",
                    quote(alias),
                    " to it: ",
                ),
                *("otherwise its start is refused, and ", quote(name), " keeps running"),
            )


def _is_removed(change: Change) -> bool:
    is_live = get_phase(change.status or NOT_STARTED).is_live
    return _is_recording(change) and change.operation == "delete" and is_live


def _is_started(change: Change) -> bool:
    if not _is_recording(change) or change.operation != "create":
        return False
    inputs = fill_in_defaults(change.after or {})
    return not (inputs["desired_state"] == "STOPPED" or inputs["on_conflict"] == "stop")


def _is_recording(change: Change) -> bool:
    return change.kind == "TrackRecording" and not change.is_leftover


def _get_meeting(inputs: Mapping[str, Any] | None) -> MeetingKey:
    names = ("account_id", "app_id", "meeting_id")
    return MeetingKey(*(str((inputs or {}).get(name)) for name in names)).normal_form
