"""A sample of the faults through the real engine: a stack in which each recording has its own."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realtimekit_emulator import EmulatorServer, FaultHandle
from tests.fault_injection.call_budget import not_struck
from tests.fault_injection.campaign import Finding
from tests.fault_injection.declared_recordings import declare, leaks, running_api
from tests.fault_injection.faults import FAULTS, Fault
from tests.fault_injection.invariants import Expected, Violation, judged
from tests.polling import wait_until
from tests.pulumi_cli.support.app_control import AppControl
from tests.pulumi_cli.support.project import Project

__all__ = ["through_engine"]

_OF_ALL = {"refuse", "revoke_token"}
_TAKES_MINUTES = {"drip"}
_LONGEST = 80.0
_UP = ("up", "--yes", "--skip-preview", "--suppress-progress", "--continue-on-error")
_DESTROY = ("destroy", "--yes", "--skip-preview", "--suppress-progress", "--continue-on-error")


@dataclass(frozen=True)
class _Member:
    """A recording of the stack, and the fault that strikes its app alone."""

    name: str
    fault: Fault
    second_too: bool
    control: AppControl
    meeting_id: str

    def strike(self) -> FaultHandle:
        """Set the fault: on the first call, and for half of the members on the second too."""
        calls = [1, 2] if self.second_too else [1]
        return self.control.add_fault(self.fault.kind, **self.fault.options, nth=calls)


def through_engine(template: Path, folder: Path, seed: int, number: int) -> Iterator[Finding]:
    """Start, pause and destroy so many recordings under faults; yield what was wrong with each."""
    apps = tuple(f"5ca1ab1e-0000-4000-8000-{one:012x}" for one in range(1, number + 1))
    # One that has to be started again to be paused records next to nothing.
    with running_api(*apps, shortest=0.0) as emulator:
        project = Project.copy_template(template, folder, emulator)
        members = list(_members(emulator, random.Random(seed), apps))
        for name, inputs in (("start", {}), ("pause", {"desired_state": "PAUSED"})):
            _declare(project, members, inputs)
            status = "PAUSED" if inputs else "RECORDING"
            yield from _lived_through(project, members, name, _UP, status)
        yield from _lived_through(project, members, "destroy", _DESTROY, None)


def _members(
    emulator: EmulatorServer, dice: random.Random, apps: Sequence[str]
) -> Iterator[_Member]:
    usable = [one for one in FAULTS if one.kind not in _OF_ALL | _TAKES_MINUTES]
    for number, (app, fault) in enumerate(zip(apps, dice.sample(usable, len(apps)), strict=True)):
        control = AppControl(emulator.control, app)
        meeting = control.create_meeting(participants=1).id
        yield _Member(f"one{number}", fault, dice.random() < 0.5, control, meeting)


def _declare(project: Project, members: Sequence[_Member], inputs: dict[str, Any]) -> None:
    declare(
        project,
        {
            one.name: {
                "app_id": one.control.app_id,
                "meeting_id": one.meeting_id,
                "on_ended": "restart",
                **inputs,
            }
            for one in members
        },
    )


def _lived_through(
    project: Project,
    members: Sequence[_Member],
    operation: str,
    command: tuple[str, ...],
    status: str | None,
) -> Iterator[Finding]:
    before = {one.name: len(one.control.recordings()) for one in members}
    _settled(members)
    faults = {one.name: one.strike() for one in members}
    began = time.monotonic()
    output = project.try_run(*command).output
    took = time.monotonic() - began
    struck = {name: tuple(not_struck([fault])) for name, fault in faults.items()}
    for one in members:
        one.control.clear_faults()
    again = project.try_run(*command, "--refresh")
    _settled(members)
    common = [
        *leaks(project, output, again.output),
        *_too_slow(took),
        *_failed(again.code, again.output),
    ]
    stored = {name: found["id"] for name, found in project.read_recordings().items()}
    for one in members:
        known = frozenset({stored[one.name]} if one.name in stored else ())
        more = one.fault.kind == "end_recording"
        starts = before[one.name] + (operation == "start") + 2 * more
        found = tuple(judged(one.control.recordings(), Expected(status, known, starts)))
        name = f"{operation} / {one.fault.name} / through the engine"
        violations = (*found, *struck[one.name], *common)
        yield Finding(f"{operation}, engine", one.fault.group, name, violations)


def _settled(members: Sequence[_Member]) -> None:
    passing = {"INVOKED", "UPLOADING"}
    for one in members:
        wait_until(lambda: not any(r.status in passing for r in one.control.recordings()))  # noqa: B023


def _too_slow(took: float) -> Iterator[Violation]:
    if took > _LONGEST:
        yield Violation("hang", f"it took {took:.0f} s")


def _failed(code: int, output: str) -> Iterator[Violation]:
    if code != 0:
        yield Violation("wanted", f"the next deployment failed: {output[-600:]}")
