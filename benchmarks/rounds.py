"""Rounds: every contestant goes through every operation, side by side."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.floor import FACTS
from benchmarks.project import OPERATIONS, Project
from benchmarks.results import Key, Results
from benchmarks.world import World, running_world

__all__ = ["Bound", "Course", "run"]

_YOUNGEST = 5.5


class Bound:
    """The time that a whole run has."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def allows(self, seconds: float = 0.0) -> bool:
        """Whether that many seconds are left."""
        return time.monotonic() + seconds < self._until


@dataclass(frozen=True)
class Course:
    """A set of rounds: who runs, with how many recordings, how often, and in which world.

    Attributes:
        name: The set's name.
        contestants: Who runs, in the order of the first repetition.
        repetitions: How often, by the number of recordings.
        settings: Options of the emulator.
        operations: What is run, in the order of a recording's life.
        backend: Where state is kept; a folder where it is left out.
        environment: What the CLI needs for its backend.
        own_storage: Whether each recording has a bucket with credentials.
    """

    name: str
    contestants: tuple[str, ...]
    repetitions: Mapping[int, int]
    settings: tuple[str, ...] = ()
    operations: tuple[str, ...] = OPERATIONS
    backend: str | None = None
    environment: tuple[tuple[str, str], ...] = ()
    own_storage: bool = False


def run(course: Course, results: Results, folder: Path, bound: Bound) -> None:
    """Run a course, as far as the bound allows."""
    with running_world(course.contestants, *course.settings) as world:
        for size, repetitions in course.repetitions.items():
            for repetition in range(repetitions):
                if not bound.allows(size / 2):
                    print(f"{course.name}, {size} recordings: no time for more", flush=True)
                    break
                rivals = _rivals(course, world, size, repetition, folder)
                _round(course.operations, rivals, results)
                for rival in rivals:
                    rival.leave()
                shutil.rmtree(folder)


def _rivals(course: Course, world: World, size: int, repetition: int, folder: Path) -> list[_Rival]:
    """Make everything anew, in an order that is another one each time."""
    world.control.reset()
    turn = repetition % len(course.contestants)
    names = (*course.contestants[turn:], *course.contestants[:turn])
    return [_Rival(course, world, size, folder / name, name) for name in names]


def _round(operations: Sequence[str], rivals: Sequence[_Rival], results: Results) -> None:
    for operation in operations:
        for rival in rivals:
            rival.go(operation, results)


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
            # A recording of less than five seconds may be lost, so ours would wait: not measured.
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
    kept = [{name: one["outputs"].get(name) for name in FACTS} for one in resources]
    facts = sum(len(json.dumps(one)) for one in kept)
    return whole // len(resources), facts // len(resources)
