"""The operations that faults are injected into, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.scenarios.steps import Placeholder

__all__ = ["OPERATIONS", "Operation"]

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """An operation, with what is deployed before it.

    Attributes:
        name: The operation's name in the report.
        before: The inputs of the recording that exists already; ``None`` without one.
        after: The inputs that are deployed under the fault; ``None`` deletes the recording.
        calls: The number of its API calls without a fault.
        wanted_status: The status that the active recording must have in the end; ``None`` where
            none may be active.
        most_starts: How many recordings may have been started in the end, with that of ``before``.
        setup: The resources of the stack: a recording, with a gate, or with a writer's key.
        command: ``up``, or ``refresh``, which only reads.
        has_foreign_recording: Whether somebody else records the meeting already.
        stopped_earlier: Whether an earlier deployment has stopped the recording of ``before``.
        single_deployment: Whether one deployment must be enough: its recording cannot be proven to
            be ours by its file name, so a second deployment would not find it. Each fault hits one
            call, and those that may fail a deployment are left out.
        emulator_settings: What the emulator is set to.
    """

    name: str
    before: Inputs | None
    after: Inputs | None
    calls: int
    wanted_status: Literal["RECORDING", "PAUSED"] | None = "RECORDING"
    most_starts: int = 1
    setup: Literal["recording", "gate", "writer"] = "recording"
    command: Literal["up", "refresh"] = "up"
    has_foreign_recording: bool = False
    stopped_earlier: bool = False
    single_deployment: bool = False
    emulator_settings: Mapping[str, Any] = field(default_factory=dict)


_PAUSED = {"desired_state": "PAUSED"}
_STOPPED = {"desired_state": "STOPPED"}
_SLOW_UPLOADS = {"upload_seconds": 0.25}

OPERATIONS: tuple[Operation, ...] = (
    Operation("start", None, {}, calls=2),
    Operation("start, paused", None, _PAUSED, calls=4, wanted_status="PAUSED"),
    Operation(
        "start, custom prefix",
        None,
        {"layers": {"default": {"file_name_prefix": "standup"}}},
        calls=2,
        single_deployment=True,
    ),
    Operation("pause", {}, _PAUSED, calls=1, wanted_status="PAUSED"),
    Operation("resume", _PAUSED, {}, calls=1),
    Operation("stop", {}, _STOPPED, calls=1, wanted_status=None),
    Operation("refresh", {}, {}, calls=1, command="refresh"),
    Operation("replace", {}, {"max_seconds": 600}, calls=3, most_starts=2),
    Operation("destroy", {}, None, calls=1, wanted_status=None),
    Operation(
        "adopt",
        None,
        {"adopt_recording_id": Placeholder.FOREIGN},
        calls=1,
        has_foreign_recording=True,
    ),
    Operation(
        "start, on_conflict stop",
        None,
        {"on_conflict": "stop"},
        calls=4,
        most_starts=2,
        has_foreign_recording=True,
    ),
    Operation(
        "gate",
        {},
        None,
        calls=4,
        wanted_status=None,
        setup="gate",
        emulator_settings=_SLOW_UPLOADS,
    ),
    Operation(
        "gate, stopped earlier",
        {},
        None,
        calls=3,
        wanted_status=None,
        setup="gate",
        stopped_earlier=True,
        emulator_settings=_SLOW_UPLOADS,
    ),
    Operation("key rotation", {}, {}, calls=1, setup="writer", emulator_settings=_SLOW_UPLOADS),
)
