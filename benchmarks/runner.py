"""Rounds: every contestant goes through every operation, side by side."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.emulated_api import World, running_world
from benchmarks.noop_provider import COMPUTED_OUTPUTS
from benchmarks.project import OPERATIONS, Project
from benchmarks.results import Key, Results

__all__ = ["WORKERS", "Bound", "Course", "Rounds"]

WORKERS = 4
"""Operations that the engine runs at once on one provider, whatever it is told."""

_YOUNGEST = 10.5
_WRITE_STATE = frozenset({"first up", "pause all", "destroy"})
_A_COMMAND = 1.9
_A_RECORDING = 0.01
_A_RECORDING_BESIDE_ANOTHER = 0.00009
"""Seconds, as taken on two cores and rounded up; the last for each pair of recordings of a stack,
since what changes a recording writes all of them."""


class Bound:
    """The time that a whole run has, and what had to be left out for it."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self.left_out: list[str] = []

    def allows(self, what: str, seconds: float) -> bool:
        """Whether that many seconds are left; where they are not, ``what`` is left out."""
        enough = time.monotonic() + seconds < self._until
        if not enough:
            self.leave_out(what)
        return enough

    def leave_out(self, what: str) -> None:
        """Note what is not measured for want of time."""
        if what not in self.left_out:
            self.left_out.append(what)
            print(f"{what}: no time for it", flush=True)


@dataclass(frozen=True)
class Course:
    """A set of rounds: who runs, with how many recordings, how often, and in which world.

    Attributes:
        name: The set's name.
        contestants: Who runs; each round begins with another one.
        repetitions: How often, by the number of recordings.
        latency: Seconds that the API takes to answer.
        operations: What is run, in the order of a recording's life.
        backend: Where state is kept; a folder where it is left out.
        slowness: How many times as long a round takes as with state in a folder.
        environment: What the CLI needs for its backend.
        own_storage: Whether each recording has a bucket with credentials.
    """

    name: str
    contestants: tuple[str, ...]
    repetitions: Mapping[int, int]
    latency: float = 0.0
    operations: tuple[str, ...] = OPERATIONS
    backend: str | None = None
    slowness: float = 1.0
    environment: tuple[tuple[str, str], ...] = ()
    own_storage: bool = False

    def seconds(self, size: int) -> float:
        """Return how long a round of so many recordings takes, rather more than less."""
        read = _A_COMMAND + size * _A_RECORDING
        write = read + size * (size * _A_RECORDING_BESIDE_ANOTHER + self.latency / WORKERS)
        each = sum(write if one in _WRITE_STATE else read for one in self.operations)
        return each * len(self.contestants) * self.slowness


class Rounds:
    """The rounds of a run, one after the other, and what they found."""

    def __init__(self, folder: Path) -> None:
        self.results = Results()
        self._folder = folder
        self._wait_until_started = 0
        self._taken = 0.0
        self._reckoned = 0.0

    def run(self, course: Course, bound: Bound) -> None:
        """Run a course, as far as the bound allows."""
        with running_world(course.contestants, "--latency-seconds", str(course.latency)) as world:
            for size, repetitions in course.repetitions.items():
                for _ in range(repetitions):
                    if not bound.allows(self._name(course, size), self._needs(course, size)):
                        break
                    self._round(course, world, size)

    def complete(self, course: Course, bound: Bound) -> None:
        """Run what is missing of a course's repetitions, as far as the bound allows."""
        missing = {
            size: repetitions - self._times(course, size)
            for size, repetitions in course.repetitions.items()
        }
        missing = {size: repetitions for size, repetitions in missing.items() if repetitions > 0}
        if missing:
            self.run(replace(course, repetitions=missing), bound)

    def _name(self, course: Course, size: int) -> str:
        again = " again" if self._times(course, size) else ""
        return f"{course.name}, {size} recordings{again}"

    def _times(self, course: Course, size: int) -> int:
        measured = self.results.of(course.name, size, course.operations[0], course.contestants[0])
        return len(measured.samples) if measured else 0

    def _needs(self, course: Course, size: int) -> float:
        """Return the seconds of a round, more where all rounds so far took more than reckoned."""
        slower = self._taken / self._reckoned if self._reckoned else 1.0
        return course.seconds(size) * max(1.0, slower)

    def _round(self, course: Course, world: World, size: int) -> None:
        began = time.monotonic()
        rivals = self._rivals(course, world, size)
        for operation in course.operations:
            for rival in rivals:
                rival.go(operation, self.results)
        for rival in rivals:
            rival.leave()
        shutil.rmtree(self._folder)
        self._taken += time.monotonic() - began
        self._reckoned += course.seconds(size)

    def _rivals(self, course: Course, world: World, size: int) -> list[_Rival]:
        """Make everything anew, in an order that begins with another one in each round."""
        world.control.reset()
        turn = self._wait_until_started % len(course.contestants)
        self._wait_until_started += 1
        names = (*course.contestants[turn:], *course.contestants[:turn])
        return [_Rival(course, world, size, self._folder / name, name) for name in names]


class _Rival:
    """One contestant in one round."""

    def __init__(self, course: Course, world: World, size: int, folder: Path, name: str) -> None:
        self._course = course
        self._size = size
        self._name = name
        self._fleet = replace(world.fleet(name, size), own_storage=course.own_storage)
        self._started_at = 0.0
        backend = course.backend and course.backend.replace("NAME", name)
        self._project = Project(folder, name, world, backend, dict(course.environment))

    def go(self, operation: str, results: Results) -> None:
        desired = "PAUSED" if operation in {"preview", "pause all"} else "RECORDING"
        replace(self._fleet, desired_state=desired).write(self._project.folder)
        if operation == "destroy":
            # A recording of less than five seconds may be lost, so ours would wait, and twice as
            # long where no refresh has told when it began: not measured.
            time.sleep(max(0.0, self._started_at + _YOUNGEST - time.monotonic()))
        sample = self._project.measure(operation)
        results.add(Key(self._course.name, self._size, operation, self._name), sample)
        if operation == "first up":
            self._started_at = time.monotonic()
            if self._course.backend is None:
                results.weights[self._course.name, self._size, self._name] = _weight(self._project)
        said = f"{self._course.name:8} {self._size:5} {operation:18} {self._name:8}"
        print(f"{said} {sample.seconds:7.2f} s {sample.calls:5} calls", flush=True)

    def leave(self) -> None:
        """Forget the stack, which a shared backend would keep."""
        if self._course.backend is not None:
            self._project.pulumi("stack", "rm", "--yes", "--non-interactive")


def _weight(project: Project) -> tuple[int, int]:
    resources = project.resources()
    whole = sum(len(json.dumps(one)) for one in resources)
    kept = [{name: one["outputs"].get(name) for name in COMPUTED_OUTPUTS} for one in resources]
    facts = sum(len(json.dumps(one)) for one in kept)
    return whole // len(resources), facts // len(resources)
