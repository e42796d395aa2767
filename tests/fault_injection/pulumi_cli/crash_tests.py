"""Deployments that are killed at random moments, and the recovery that the documentation names."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from realtimekit_emulator import EmulatorServer
from tests.fault_injection.invariants import (
    Expected,
    Violation,
    find_foreign_changes,
    find_violations,
)
from tests.fault_injection.pulumi_cli.declared_recordings import declare, find_leaks_of
from tests.fault_injection.pulumi_cli.processes import find_provider, kill_all
from tests.fault_injection.results import CaseResult
from tests.polling import wait_until
from tests.provider_process.stack import ProviderStack
from tests.pulumi_cli.support.project import Project

__all__ = ["CrashTest", "Kill", "draw_crash_tests"]

_Process = Literal["CLI", "provider"]

_CRASH_TESTS: tuple[tuple[_Process, signal.Signals], ...] = (
    ("CLI", signal.SIGKILL),
    ("CLI", signal.SIGTERM),
    ("provider", signal.SIGKILL),
    ("provider", signal.SIGTERM),
)
_LATEST_KILL: Mapping[_Process, float] = {"CLI": 1.0, "provider": 0.5}
_SECONDS_OF_A_CALL = 0.4
_TIMEOUT = 60
_FLAGS = ("--yes", "--skip-preview", "--suppress-progress")
_UP = ("up", *_FLAGS)
_DESTROY = ("destroy", *_FLAGS)


@dataclass(frozen=True)
class Stage:
    """A deployment that is killed.

    Attributes:
        name: The stage's row in the report.
        command: The arguments of the CLI.
        inputs: The inputs of the recording beside its meeting; ``None`` declares nothing new.
        calls: The number of its API calls.
        status: The status of the recording in the end; ``None`` where none may be active.
        most_starts: How many recordings the stack may have started in the end.
    """

    name: str
    command: tuple[str, ...]
    inputs: Mapping[str, Any] | None
    calls: int
    status: Literal["RECORDING", "PAUSED"] | None
    most_starts: int


STAGES = (
    Stage("up", _UP, {}, 2, "RECORDING", 1),
    Stage("update", _UP, {"desired_state": "PAUSED"}, 1, "PAUSED", 1),
    Stage("replace", _UP, {"max_seconds": 600}, 3, "RECORDING", 2),
    Stage("destroy", _DESTROY, None, 1, None, 2),
)
"""The deployments of one stack, one after the other."""


@dataclass(frozen=True)
class Kill:
    """When and how a deployment is killed.

    Attributes:
        process: The process that is killed.
        signal: The signal that is sent.
        call: The number of the API call that is in progress; ``None`` for a random moment.
        slow: Whether the emulator takes its time before or after the effect of each call.
        seconds: The moment, where ``call`` is ``None``: seconds since the process started.
    """

    process: _Process
    signal: signal.Signals
    call: int | None
    slow: Literal["before", "after"]
    seconds: float

    @property
    def column(self) -> str:
        """The column of the report."""
        return f"{self.signal.name} of the {self.process}"


def draw_crash_tests(seed: int, rounds: int) -> list[list[Kill]]:
    """Return the crashes of ``rounds`` stacks, one a stage, at moments that the seed decides.

    The processes and signals take turns.
    """
    generator = random.Random(seed)
    return [
        [
            Kill(
                process,
                signal_,
                call=generator.choice((None, *range(1, stage.calls + 1))),
                slow=generator.choice(("before", "after")),
                seconds=generator.uniform(0, _LATEST_KILL[process]),
            )
            for stage in STAGES
        ]
        for process, signal_ in (
            _CRASH_TESTS[number % len(_CRASH_TESTS)] for number in range(rounds)
        )
    ]


class CrashTest:
    """One stack through all stages, with a kill in each."""

    def __init__(self, template: Path, folder: Path, emulator: EmulatorServer) -> None:
        self._folder = folder
        self._control = emulator.control
        self._project = Project.copy_template(template, folder, emulator)
        self._meeting, meeting = (
            emulator.control.create_meeting(participants=1).id for _ in range(2)
        )
        self._foreign_id = _start_as_other_owner(emulator, meeting)

    def run(self, crashes: Sequence[Kill]) -> Iterator[CaseResult]:
        """Run every stage with its kill."""
        for stage, kill in zip(STAGES, crashes, strict=True):
            try:
                violations = tuple(self._run_stage(stage, kill))
            except (AssertionError, subprocess.TimeoutExpired) as timeout:
                violations = (Violation("hang", str(timeout)),)
            finally:
                kill_all(self._folder)
            yield CaseResult(stage.name, kill.column, f"{stage.name} / {kill}", violations)

    def _run_stage(self, stage: Stage, kill: Kill) -> Iterator[Violation]:
        self._declare(stage)
        self._control.add_fault("slow", seconds=_SECONDS_OF_A_CALL, effect=kill.slow)
        last_request = self._last_request()
        with self._project.start(*stage.command) as process:
            self._wait_for_moment(kill, last_request, process.poll)
            is_killed = process.poll() is None and self._kill(kill, process.pid)
            output, _ = process.communicate(timeout=_TIMEOUT)
        if not is_killed:
            yield Violation("not_injected", "there was no process to kill")
        self._control.clear_faults()
        time.sleep(_SECONDS_OF_A_CALL * 2)  # the provider finishes the call that is in progress
        yield from self._recover(stage, output)

    def _declare(self, stage: Stage) -> None:
        if stage.inputs is not None:
            declare(self._project, {"standup": {"meeting_id": self._meeting, **stage.inputs}})
        self._wait_until_recording()

    def _wait_until_recording(self) -> None:
        for one in self._control.recordings():
            if one.status == "INVOKED":
                self._control.wait_for(one.id, "RECORDING")

    def _last_request(self) -> int:
        return max((one.number for one in self._control.requests()), default=0)

    def _wait_for_moment(
        self, kill: Kill, last_request: int, exit_code: Callable[[], int | None]
    ) -> None:
        """Wait for the moment of a kill, or until the CLI has ended."""
        call, folder = kill.call, self._folder
        if call is not None:
            wait_until(
                lambda: exit_code() is not None or self._last_request() - last_request >= call,
                _TIMEOUT,
            )
            return
        if kill.process == "provider":
            wait_until(
                lambda: exit_code() is not None or find_provider(folder) is not None, _TIMEOUT
            )
        time.sleep(kill.seconds)

    def _kill(self, kill: Kill, cli_id: int) -> bool:
        """Kill the process, and return whether it was still there."""
        process_id = cli_id if kill.process == "CLI" else find_provider(self._folder)
        if process_id is None:
            return False
        try:
            os.kill(process_id, kill.signal)
        except ProcessLookupError:
            return False
        return True

    def _recover(self, stage: Stage, output: str) -> Iterator[Violation]:
        """Do what the documentation says: release the lock, and deploy again."""
        self._project.try_run("cancel", "--yes")
        again = self._project.try_run(*stage.command)
        yield from find_leaks_of(self._project, output, again.output)
        if again.code != 0:
            yield Violation("missing", again.output[-600:])
        wait_until(lambda: all(one.status != "UPLOADING" for one in self._control.recordings()))
        self._wait_until_recording()
        stored_ids = frozenset(one["id"] for one in self._project.read_recordings().values())
        foreign_ids = frozenset({self._foreign_id})
        expected = Expected(stage.status, stored_ids, stage.most_starts, foreign_ids)
        yield from find_violations(self._control.recordings(self._meeting), expected)
        yield from find_foreign_changes(self._control.requests(), expected)


def _start_as_other_owner(emulator: EmulatorServer, meeting_id: str) -> str:
    """Start a recording as a state does whose names are the same, and return its id."""
    stack = ProviderStack(emulator, name="test", project="realtimekit", identity="5e1d3a7c")
    with stack.deploy() as run:
        recording_id = stack.create(run, meeting_id=meeting_id).id
    emulator.control.wait_for(recording_id, "RECORDING")
    return recording_id
