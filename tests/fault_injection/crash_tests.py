"""Deployments that are killed at random moments, and the recovery that the docs name."""

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
from tests.fault_injection.campaign import Finding
from tests.fault_injection.declared_recordings import declare, leaks
from tests.fault_injection.invariants import Expected, Violation, judged
from tests.fault_injection.processes import end_all_of, provider_of
from tests.polling import wait_until
from tests.pulumi_cli.support.project import Project

__all__ = ["Chain", "Kill", "chains"]

_VICTIMS: tuple[tuple[Literal["CLI", "provider"], signal.Signals], ...] = (
    ("CLI", signal.SIGKILL),
    ("CLI", signal.SIGTERM),
    ("provider", signal.SIGKILL),
    ("provider", signal.SIGTERM),
)
_LATEST = {"CLI": 1.0, "provider": 0.5}
_SLOW = 0.4
_PATIENCE = 60


@dataclass(frozen=True)
class Stage:
    """A deployment that is killed: what is declared, its calls, what is wanted in the end."""

    name: str
    inputs: Mapping[str, Any] | None
    calls: int
    status: Literal["RECORDING", "PAUSED"] | None
    starts: int


STAGES = (
    Stage("up", {}, 2, "RECORDING", 1),
    Stage("update", {"desired_state": "PAUSED"}, 1, "PAUSED", 1),
    Stage("replace", {"max_seconds": 600}, 3, "RECORDING", 2),
    Stage("destroy", None, 1, None, 2),
)
"""One after the other, on one stack."""


@dataclass(frozen=True)
class Kill:
    """When and how a deployment is killed.

    ``call`` is the API call during which that happens, ``slow`` the side of its effect on which
    the emulator takes its time; without a call it happens so many ``seconds`` after the victim
    began.
    """

    victim: Literal["CLI", "provider"]
    signal: signal.Signals
    call: int | None
    slow: Literal["before", "after"]
    seconds: float

    @property
    def group(self) -> str:
        """The column of the report."""
        return f"{self.signal.name} of the {self.victim}"


def chains(seed: int, number: int) -> list[list[Kill]]:
    """Return so many rounds of kills, one for each stage, at moments that the seed decides."""
    dice = random.Random(seed)
    victims = (_VICTIMS[round_ % len(_VICTIMS)] for round_ in range(number))
    return [
        [
            Kill(
                victim,
                signal_,
                call=dice.choice((None, *range(1, stage.calls + 1))),
                slow=dice.choice(("before", "after")),
                seconds=dice.uniform(0, _LATEST[victim]),
            )
            for stage in STAGES
        ]
        for victim, signal_ in victims
    ]


class Chain:
    """One stack through all stages, killed in each."""

    def __init__(self, template: Path, folder: Path, emulator: EmulatorServer) -> None:
        self._folder = folder
        self._control = emulator.control
        self._project = Project.copy_template(template, folder, emulator)
        self._meeting = emulator.control.create_meeting(participants=1).id

    def run(self, kills: Sequence[Kill]) -> Iterator[Finding]:
        """Live through a kill in each stage, and yield what was wrong."""
        for stage, kill in zip(STAGES, kills, strict=True):
            try:
                violations = tuple(self._killed(stage, kill))
            except (AssertionError, subprocess.TimeoutExpired) as too_long:
                violations = (Violation("hang", str(too_long)),)
            finally:
                end_all_of(self._folder)
            name = f"{stage.name} / {kill}"
            yield Finding(stage.name, kill.group, name, violations)

    def _killed(self, stage: Stage, kill: Kill) -> Iterator[Violation]:
        self._declare(stage)
        self._control.add_fault("slow", seconds=_SLOW, effect=kill.slow)
        seen = self._requests()
        with self._project.start(*_COMMANDS[stage.name]) as process:
            self._wait_for_the_moment(kill, seen, process.poll)
            struck = process.poll() is None and self._strike(kill, process.pid)
            output, _ = process.communicate(timeout=_PATIENCE)
        if not struck:
            yield Violation("void", "there was nothing to kill")
        self._control.clear_faults()
        time.sleep(_SLOW * 2)  # what the provider was doing in that moment, it finishes
        yield from self._recovered(stage, output)

    def _declare(self, stage: Stage) -> None:
        if stage.inputs is not None:
            declare(self._project, {"standup": {"meeting_id": self._meeting, **stage.inputs}})
        for one in self._control.recordings():
            if one.status == "INVOKED":
                self._control.wait_for(one.id, "RECORDING")

    def _requests(self) -> int:
        return max((one.number for one in self._control.requests()), default=0)

    def _wait_for_the_moment(self, kill: Kill, seen: int, ended: Callable[[], int | None]) -> None:
        call = kill.call
        if call is not None:
            wait_until(lambda: ended() is not None or self._requests() - seen >= call, _PATIENCE)
            return
        if kill.victim == "provider":
            folder = self._folder
            wait_until(lambda: ended() is not None or provider_of(folder) is not None, _PATIENCE)
        time.sleep(kill.seconds)

    def _strike(self, kill: Kill, pid: int) -> bool:
        struck = pid if kill.victim == "CLI" else provider_of(self._folder)
        if struck is None:
            return False
        try:
            os.kill(struck, kill.signal)
        except ProcessLookupError:
            return False
        return True

    def _recovered(self, stage: Stage, output: str) -> Iterator[Violation]:
        """Do what the documentation says: free the lock, and deploy again."""
        self._project.try_run("cancel", "--yes")
        again = self._project.try_run(*_COMMANDS[stage.name])
        yield from leaks(self._project, output, again.output)
        if again.code != 0:
            yield Violation("wanted", again.output[-600:])
        wait_until(lambda: all(one.status != "UPLOADING" for one in self._control.recordings()))
        for one in self._control.recordings():
            if one.status == "INVOKED":
                self._control.wait_for(one.id, "RECORDING")
        known = frozenset(one["id"] for one in self._project.read_recordings().values())
        expected = Expected(stage.status, known, stage.starts)
        yield from judged(self._control.recordings(), expected)


_UP = ("up", "--yes", "--skip-preview", "--suppress-progress")
_COMMANDS = {
    **dict.fromkeys(("up", "update", "replace"), _UP),
    "destroy": ("destroy", "--yes", "--skip-preview", "--suppress-progress"),
}
