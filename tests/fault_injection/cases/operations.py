"""The operations that faults are injected into, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from tests.fault_injection.cases.faults import CANARY
from tests.scenarios.steps import Placeholder

__all__ = ["OPERATIONS", "Operation"]

Inputs = Mapping[str, Any]
Setup = Literal["recording", "gate", "writer", "unreadable key", "empty room", "filled room"]


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
        setup: The resources of the stack: a recording, with a gate, or with a writer's key; or a
            recording beside one that cannot be deployed, because its private key is none; or a
            recording of a meeting that nobody was in before, and is in still, or not any more.
        command: ``up``, or ``refresh``, which only reads.
        has_foreign_recording: Whether somebody else records the meeting already.
        foreign_type: The type of that recording.
        other_owner: What another state with the same names has on the account: nothing, a live
            recording of another meeting or of this one, or one of this meeting that uploads.
        is_refused: Whether the recording cannot be started as long as the foreign one lives.
        stopped_earlier: Whether an earlier deployment has stopped the recording of ``before``.
        single_deployment: Whether one deployment must be enough: its recording cannot be proven to
            be ours by its file name, so a second deployment would not find it. Each fault hits one
            call, and those that may fail a deployment are left out.
        has_drawn_positions: Whether each fault hits one of the positions, which the seed draws.
        emulator_settings: What the emulator is set to.
    """

    name: str
    before: Inputs | None
    after: Inputs | None
    calls: int
    wanted_status: Literal["RECORDING", "PAUSED"] | None = "RECORDING"
    most_starts: int = 1
    setup: Setup = "recording"
    command: Literal["up", "refresh"] = "up"
    has_foreign_recording: bool = False
    foreign_type: Literal["TRACK", "COMPOSITE"] = "TRACK"
    other_owner: Literal["none", "elsewhere", "live", "uploading"] = "none"
    is_refused: bool = False
    stopped_earlier: bool = False
    single_deployment: bool = False
    has_drawn_positions: bool = False
    emulator_settings: Mapping[str, Any] = field(default_factory=dict)


_PAUSED = {"desired_state": "PAUSED"}
_STOPPED = {"desired_state": "STOPPED"}
_SLOW_UPLOADS = {"upload_seconds": 0.25}
_STORAGE = {
    "type": "digitalocean",
    "access_key": f"{CANARY}-key",
    "secret": f"{CANARY}-of-the-storage",
    "bucket": "recordings",
}
_SPELLED, _RESPELLED = (
    {
        "layers": {
            "default": {
                "outputs": [{"type": "STORAGE_CONFIG", "storage_config": {**_STORAGE, **where}}]
            }
        }
    }
    for where in ({"region": "fra1", "path": "audio"}, {"region": "FRA1", "path": "audio/"})
)
_SKIPPED = {"on_no_session": "skip"}
_drawn = partial(Operation, has_drawn_positions=True)
_of_second_owner = partial(_drawn, other_owner="elsewhere")

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
    *(
        _drawn(
            f"second owner, refused under on_conflict {policy}",
            None,
            {"on_conflict": policy},
            calls=1,
            wanted_status=None,
            most_starts=0,
            other_owner="live",
            is_refused=True,
        )
        for policy in ("fail", "adopt")
    ),
    _drawn(
        "second owner, start while a file uploads",
        None,
        {},
        calls=2,
        other_owner="uploading",
        emulator_settings=_SLOW_UPLOADS,
    ),
    _of_second_owner("second owner, start", None, {}, calls=2),
    _of_second_owner("second owner, pause", {}, _PAUSED, calls=1, wanted_status="PAUSED"),
    _of_second_owner("second owner, resume", _PAUSED, {}, calls=1),
    _of_second_owner("second owner, stop", {}, _STOPPED, calls=1, wanted_status=None),
    _of_second_owner("second owner, refresh", {}, {}, calls=1, command="refresh"),
    _of_second_owner("second owner, replace", {}, {"max_seconds": 600}, calls=3, most_starts=2),
    _of_second_owner("second owner, destroy", {}, None, calls=1, wanted_status=None),
    _of_second_owner(
        "second owner, key rotation",
        {},
        {},
        calls=1,
        setup="writer",
        emulator_settings=_SLOW_UPLOADS,
    ),
    *(
        _drawn(
            f"composite active, on_conflict {policy}",
            None,
            {"on_conflict": policy},
            calls=1,
            wanted_status=None,
            most_starts=0,
            has_foreign_recording=True,
            foreign_type="COMPOSITE",
            is_refused=True,
        )
        for policy in ("adopt", "stop")
    ),
    _drawn(
        "empty room",
        _SKIPPED,
        _SKIPPED,
        calls=1,
        wanted_status=None,
        most_starts=0,
        setup="empty room",
    ),
    _drawn("empty room, filled since", _SKIPPED, _SKIPPED, calls=3, setup="filled room"),
    _drawn(
        "pause, storage in another spelling",
        _SPELLED,
        {**_RESPELLED, **_PAUSED},
        calls=1,
        wanted_status="PAUSED",
    ),
    _drawn(
        "pause beside an unreadable key",
        {},
        _PAUSED,
        calls=1,
        wanted_status="PAUSED",
        setup="unreadable key",
    ),
)
