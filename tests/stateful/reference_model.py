"""What the documentation promises, written down a second time: the plan and the outcome.

This file uses nothing of the provider, so that it cannot repeat a mistake of the provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "ARCHIVE",
    "DEFAULTS",
    "LIVE",
    "Outcome",
    "Stored",
    "is_recording_wanted",
    "predict_plan",
    "predict_start",
    "predict_writer_plan",
]

ARCHIVE = "archive"
"""The bucket that is written to with the writer's key; the keys of the others are the user's."""

LIVE = frozenset({"INVOKED", "RECORDING", "PAUSED"})
NEVER_STARTED = frozenset({"NOT_STARTED", "NO_SESSION"})
DEFAULTS: Mapping[str, Any] = {
    "desired_state": "RECORDING",
    "on_ended": "keep",
    "on_no_session": "fail",
    "on_conflict": "fail",
    "on_delete": "stop",
    "replace_live": "allow",
    "max_seconds": None,
    "bucket": ARCHIVE,
    "key": 1,
}
"""The inputs of a recording as the model knows them, without ``meeting``, its number.

``bucket`` and ``key`` stand for a layer's storage and the number of its credential.
"""

Outcome = Literal[
    "started", "own", "adopted", "stopped first", "NO_SESSION", "NOT_STARTED", "fails"
]
"""The result of a create. ``own``: the resource's own recording, which runs already; ``stopped
first``: started after somebody else's recording was stopped."""


@dataclass(frozen=True)
class Stored:
    """What the state holds of a recording: the inputs of the last deployment, and the status."""

    inputs: Mapping[str, Any]
    status: str


def is_recording_wanted(inputs: Mapping[str, Any]) -> bool:
    """Whether the inputs ask for a live recording."""
    return bool(inputs["desired_state"] != "STOPPED")


def is_empty_room(stored: Stored, inputs: Mapping[str, Any], *, has_session: bool) -> bool:
    """Whether nobody is there yet, and the recording that waits for that is to be skipped."""
    may_be_skipped = inputs["on_no_session"] == "skip" and not has_session
    return stored.status == "NO_SESSION" and may_be_skipped


def predict_plan(stored: Stored | None, inputs: Mapping[str, Any], *, has_session: bool) -> str:
    """Return the plan that the preview must show."""
    if stored is None:
        return "create"
    live = stored.status in LIVE
    ended = not live and stored.status not in NEVER_STARTED
    is_empty = is_empty_room(stored, inputs, has_session=has_session)
    if _is_replaced(stored, inputs, ended=ended, is_empty=is_empty):
        return "refused" if live and inputs["replace_live"] == "refuse" else "replace"
    if ended and is_recording_wanted(inputs) and inputs["on_ended"] == "fail":
        return "refused"
    state = "PAUSED" if stored.status == "PAUSED" else "RECORDING"
    needs_action = live and inputs["desired_state"] != state
    return "update" if needs_action or stored.inputs != inputs else "same"


def predict_writer_plan(*, is_stored: bool, is_in_sync: bool) -> str:
    """Return the writer's plan in the preview; each plan but ``same`` makes a key."""
    if not is_stored:
        return "create"
    return "same" if is_in_sync else "update"


def _is_replaced(stored: Stored, inputs: Mapping[str, Any], *, ended: bool, is_empty: bool) -> bool:
    if any(stored.inputs[name] != inputs[name] for name in ("meeting", "max_seconds", "bucket")):
        return True
    if not is_recording_wanted(inputs):
        return False
    if is_empty and is_recording_wanted(stored.inputs):
        return False
    is_stopped = ended and not is_recording_wanted(stored.inputs)
    return (
        stored.status in NEVER_STARTED or is_stopped or (ended and inputs["on_ended"] == "restart")
    )


def predict_start(
    inputs: Mapping[str, Any], *, mark: str, live_name: str | None, has_session: bool
) -> Outcome:
    """Return the outcome of a create.

    Args:
        inputs: The inputs of the recording.
        mark: The mark of the resource.
        live_name: The file name of the meeting's live recording; ``None`` without one.
        has_session: Whether the meeting has a live session.
    """
    if not is_recording_wanted(inputs):
        return "NOT_STARTED"
    if live_name is not None:
        return _predict_conflict(live_name, inputs, mark)
    if has_session:
        return "started"
    return "NO_SESSION" if inputs["on_no_session"] == "skip" else "fails"


def _predict_conflict(live_name: str, inputs: Mapping[str, Any], mark: str) -> Outcome:
    if mark in live_name:
        return "own"
    if inputs["on_conflict"] == "stop":
        return "stopped first"
    if inputs["on_conflict"] == "adopt" and "_rk" not in live_name:
        return "adopted"
    return "fails"
