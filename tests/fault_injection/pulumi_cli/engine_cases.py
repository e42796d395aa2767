"""A sample of the faults through the real engine: each recording of a stack has its own fault."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realtimekit_emulator import EmulatorServer, FaultHandle
from tests.fault_injection.case_runner.call_budget import find_unused_faults
from tests.fault_injection.cases.faults import FAULTS, Fault
from tests.fault_injection.invariants import Expected, Violation, find_violations
from tests.fault_injection.pulumi_cli.declared_recordings import (
    declare,
    find_leaks_of,
    running_api,
)
from tests.fault_injection.results import CaseResult
from tests.polling import wait_until
from tests.pulumi_cli.support.app_control import AppControl
from tests.pulumi_cli.support.project import Project

__all__ = ["inject_faults_through_engine"]

_KINDS_FOR_ALL_APPS = {"refuse", "revoke_token"}
_KINDS_THAT_TAKE_MINUTES = {"drip"}
_LONGEST_DEPLOYMENT = 80.0
_FLAGS = ("--yes", "--skip-preview", "--suppress-progress", "--continue-on-error")
_UP = ("up", *_FLAGS)
_DESTROY = ("destroy", *_FLAGS)


@dataclass(frozen=True)
class _RecordingUnderFault:
    """A recording of the stack in an app of its own, and the fault that hits only that app."""

    name: str
    fault: Fault
    hits_second_call: bool
    control: AppControl
    meeting_id: str

    def inject(self) -> FaultHandle:
        """Inject the fault into the first call, or into the first two."""
        calls = [1, 2] if self.hits_second_call else [1]
        return self.control.add_fault(self.fault.kind, **self.fault.options, nth=calls)


def inject_faults_through_engine(
    template: Path, folder: Path, seed: int, number: int
) -> Iterator[CaseResult]:
    """Start, pause and destroy ``number`` recordings under faults."""
    apps = tuple(f"5ca1ab1e-0000-4000-8000-{one:012x}" for one in range(1, number + 1))
    # A recording that has to be started again before it is paused records almost nothing.
    with running_api(*apps, minimum_length=0.0) as emulator:
        project = Project.copy_template(template, folder, emulator)
        recordings = list(_draw_recordings(emulator, random.Random(seed), apps))
        for operation, inputs in (("start", {}), ("pause", {"desired_state": "PAUSED"})):
            _declare(project, recordings, inputs)
            status = "PAUSED" if inputs else "RECORDING"
            yield from _run_operation(project, recordings, operation, _UP, status)
        yield from _run_operation(project, recordings, "destroy", _DESTROY, None)


def _draw_recordings(
    emulator: EmulatorServer, generator: random.Random, apps: Sequence[str]
) -> Iterator[_RecordingUnderFault]:
    excluded = _KINDS_FOR_ALL_APPS | _KINDS_THAT_TAKE_MINUTES
    usable = [one for one in FAULTS if one.kind not in excluded]
    faults = generator.sample(usable, len(apps))
    for number, (app, fault) in enumerate(zip(apps, faults, strict=True)):
        control = AppControl(emulator.control, app)
        meeting = control.create_meeting(participants=1).id
        hits_second_call = generator.random() < 0.5
        yield _RecordingUnderFault(f"one{number}", fault, hits_second_call, control, meeting)


def _declare(
    project: Project, recordings: Sequence[_RecordingUnderFault], inputs: dict[str, Any]
) -> None:
    declare(
        project,
        {
            one.name: {
                "app_id": one.control.app_id,
                "meeting_id": one.meeting_id,
                "on_ended": "restart",
                **inputs,
            }
            for one in recordings
        },
    )


def _run_operation(
    project: Project,
    recordings: Sequence[_RecordingUnderFault],
    operation: str,
    command: tuple[str, ...],
    status: str | None,
) -> Iterator[CaseResult]:
    starts_before = {one.name: len(one.control.recordings()) for one in recordings}
    _wait_until_stable(recordings)
    faults = {one.name: one.inject() for one in recordings}
    started_at = time.monotonic()
    output = project.try_run(*command).output
    seconds = time.monotonic() - started_at
    unused = {name: tuple(find_unused_faults([fault])) for name, fault in faults.items()}
    for one in recordings:
        one.control.clear_faults()
    again = project.try_run(*command, "--refresh")
    _wait_until_stable(recordings)
    violations_of_all = [
        *find_leaks_of(project, output, again.output),
        *_find_hang(seconds),
        *_find_failure(again.code, again.output),
    ]
    stored = {name: recording["id"] for name, recording in project.read_recordings().items()}
    for one in recordings:
        stored_ids = frozenset({stored[one.name]} if one.name in stored else ())
        ends_recordings = one.fault.kind == "end_recording"
        most_starts = starts_before[one.name] + (operation == "start") + 2 * ends_recordings
        expected = Expected(status, stored_ids, most_starts)
        violations = (
            *find_violations(one.control.recordings(), expected),
            *unused[one.name],
            *violations_of_all,
        )
        name = f"{operation} / {one.fault.name} / through the engine"
        yield CaseResult(f"{operation}, engine", one.fault.group, name, violations)


def _wait_until_stable(recordings: Sequence[_RecordingUnderFault]) -> None:
    """Wait until no recording is about to begin or uploads."""
    for one in recordings:
        control = one.control
        wait_until(
            lambda: (
                not any(
                    recording.status in {"INVOKED", "UPLOADING"}
                    for recording in control.recordings()  # noqa: B023 - called before the next one
                )
            )
        )


def _find_hang(seconds: float) -> Iterator[Violation]:
    if seconds > _LONGEST_DEPLOYMENT:
        yield Violation("hang", f"the deployment took {seconds:.0f} s")


def _find_failure(code: int, output: str) -> Iterator[Violation]:
    if code != 0:
        yield Violation("missing", f"the next deployment failed: {output[-600:]}")
