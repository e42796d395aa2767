"""The operations that a campaign puts under faults, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.scenarios.steps import Placeholder

__all__ = ["OPERATIONS", "Operation"]

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """What is deployed before, without faults, and what is deployed under them.

    Attributes:
        name: The operation's name in the report.
        before: The inputs of what is there already; ``None``: nothing is.
        after: The inputs of what is wanted; ``None``: nothing is.
        calls: The API calls that it takes when nothing goes wrong.
        wanted: The status of the recording that must be active in the end, if one must.
        starts: How many recordings there may be in the end, those of ``before`` included.
        scene: Which resources there are: a recording, one behind a gate, or a writer's key too.
        does: ``up``, or ``refresh``: only looking.
        foreign: Whether a recording that somebody else started runs in the meeting.
        in_another_run: Whether what ``before`` left was stopped by an earlier run.
        single_faults_only: Whether faults strike one call each, and never two in a row.
        needs_proof_by_time: Whether a start is not provable by its file name.
    """

    name: str
    before: Inputs | None
    after: Inputs | None
    calls: int
    wanted: Literal["RECORDING", "PAUSED"] | None = "RECORDING"
    starts: int = 1
    scene: Literal["recording", "gate", "writer"] = "recording"
    does: Literal["up", "refresh"] = "up"
    foreign: bool = False
    in_another_run: bool = False
    single_faults_only: bool = False
    needs_proof_by_time: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


_PAUSED = {"desired_state": "PAUSED"}
_STOPPED = {"desired_state": "STOPPED"}
_UPLOADS_TAKE_A_WHILE = {"upload_seconds": 0.25}

OPERATIONS: tuple[Operation, ...] = (
    Operation("start", None, {}, calls=2),
    Operation("start, paused", None, _PAUSED, calls=4, wanted="PAUSED"),
    Operation(
        "start, own prefix",
        None,
        {"layers": {"default": {"file_name_prefix": "standup"}}},
        calls=2,
        single_faults_only=True,
        needs_proof_by_time=True,
    ),
    Operation("pause", {}, _PAUSED, calls=1, wanted="PAUSED"),
    Operation("resume", _PAUSED, {}, calls=1),
    Operation("stop", {}, _STOPPED, calls=1, wanted=None),
    Operation("refresh", {}, {}, calls=1, does="refresh"),
    Operation("replace", {}, {"max_seconds": 600}, calls=3, starts=2),
    Operation("destroy", {}, None, calls=1, wanted=None),
    Operation("adopt", None, {"adopt_recording_id": Placeholder.FOREIGN}, calls=1, foreign=True),
    Operation(
        "take the place of another",
        None,
        {"on_conflict": "stop"},
        calls=4,
        starts=2,
        foreign=True,
    ),
    Operation(
        "gate",
        {},
        None,
        calls=4,
        wanted=None,
        scene="gate",
        settings=_UPLOADS_TAKE_A_WHILE,
    ),
    Operation(
        "gate, stopped by another run",
        {},
        None,
        calls=3,
        wanted=None,
        scene="gate",
        in_another_run=True,
        settings=_UPLOADS_TAKE_A_WHILE,
    ),
    Operation(
        "rotation",
        {},
        {},
        calls=1,
        scene="writer",
        settings=_UPLOADS_TAKE_A_WHILE,
    ),
)
