"""What the documentation promises, said once more and shortly: the plan and the outcome.

Nothing here is the provider's: a mistake in its decisions cannot hide in this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "ARCHIVE",
    "DEFAULTS",
    "LIVE",
    "Known",
    "Outcome",
    "expected_plan",
    "expected_start",
    "expected_writer_plan",
    "wants_one",
]

ARCHIVE = "archive"
"""The bucket that is written to with the writer's key; the others' keys are the user's own."""

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

Outcome = Literal[
    "started", "own", "adopted", "stopped first", "NO_SESSION", "NOT_STARTED", "fails"
]


@dataclass(frozen=True)
class Known:
    """What the state knows of a resource: the wishes of the last deployment, and the status."""

    wishes: Mapping[str, Any]
    status: str


def wants_one(wishes: Mapping[str, Any]) -> bool:
    """Whether a recording is wanted."""
    return bool(wishes["desired_state"] != "STOPPED")


def expected_plan(known: Known | None, wishes: Mapping[str, Any]) -> str:
    """Return what the preview must show."""
    if known is None:
        return "create"
    live = known.status in LIVE
    ended = not live and known.status not in NEVER_STARTED
    if _is_another(known, wishes, ended=ended):
        return "refused" if live and wishes["replace_live"] == "refuse" else "replace"
    if ended and wants_one(wishes) and wishes["on_ended"] == "fail":
        return "refused"
    acts = live and wishes["desired_state"] != _led_to(known.status)
    return "update" if acts or known.wishes != wishes else "same"


def expected_writer_plan(*, is_known: bool, is_intact: bool) -> str:
    """Return what the preview must show of the writer; each plan but ``same`` makes a key."""
    if not is_known:
        return "create"
    return "same" if is_intact else "update"


def _is_another(known: Known, wishes: Mapping[str, Any], *, ended: bool) -> bool:
    if any(known.wishes[name] != wishes[name] for name in ("meeting", "max_seconds", "bucket")):
        return True
    if not wants_one(wishes):
        return False
    is_stopped = ended and not wants_one(known.wishes)
    return (
        known.status in NEVER_STARTED or is_stopped or (ended and wishes["on_ended"] == "restart")
    )


def _led_to(status: str) -> str:
    return "PAUSED" if status == "PAUSED" else "RECORDING"


def expected_start(
    wishes: Mapping[str, Any], *, mark: str, live_name: str | None, has_session: bool
) -> Outcome:
    """Return what becomes of a start on a meeting whose live recording has that file name."""
    if not wants_one(wishes):
        return "NOT_STARTED"
    if live_name is not None:
        return _beside(live_name, wishes, mark)
    if has_session:
        return "started"
    return "NO_SESSION" if wishes["on_no_session"] == "skip" else "fails"


def _beside(live_name: str, wishes: Mapping[str, Any], mark: str) -> Outcome:
    if mark in live_name:
        return "own"
    if wishes["on_conflict"] == "stop":
        return "stopped first"
    if wishes["on_conflict"] == "adopt" and "_rk" not in live_name:
        return "adopted"
    return "fails"
