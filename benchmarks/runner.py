"""Runs workloads in rounds: in each, all providers run all operations, side by side."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.emulated_api import EmulatedApi, running_api
from benchmarks.project import OPERATIONS, Project
from benchmarks.providers.noop_provider import COMPUTED_OUTPUTS
from benchmarks.results import Key, Results
from realtimekit_provider.constants import MAX_WORKERS

__all__ = ["Runner", "TimeBudget", "Workload"]

_SDK_WORKERS = 4
"""Operations that the SDK's process runs at once, where no program tells it the ``--parallel``."""
_WITHOUT_PROGRAM = frozenset({"refresh", "destroy"})
_DEFAULT_PARALLEL = 4 * (os.cpu_count() or 1)
"""The engine's own ``--parallel``."""

_MINIMUM_AGE = 10.5
_WRITE_STATE = frozenset({"first up", "pause all", "destroy"})
_A_COMMAND = 1.9
_A_RECORDING = 0.01
_A_PAIR_OF_RECORDINGS = 0.00009
"""Seconds, as taken on two cores and rounded up; the last for each pair of recordings of a stack,
since what changes a recording writes all of them."""


class TimeBudget:
    """The time that a whole run has, and what was skipped for want of time."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self.skipped: list[str] = []

    def has_time_for(self, what: str, seconds: float) -> bool:
        """Whether that many seconds are left; where they are not, ``what`` is skipped."""
        enough = time.monotonic() + seconds < self._until
        if not enough:
            self.skip(what)
        return enough

    def skip(self, what: str) -> None:
        """Store what is not measured for want of time, and print it."""
        if what not in self.skipped:
            self.skipped.append(what)
            print(f"{what}: no time for it", flush=True)


@dataclass(frozen=True)
class Workload:
    """What is measured: which providers, with how many recordings, how often, against which API.

    Attributes:
        name: How the tables name it.
        providers: Whose programs run; each round begins with another one.
        repetitions: How often, by the number of recordings.
        latency: Seconds that the API takes to answer.
        operations: What is run, in the order of a recording's life.
        parallel: The ``--parallel`` of each operation; the engine's own where it is left out.
        backend: Where state is kept; a folder where it is left out.
        slowness: How many times as long a round takes as with state in a folder.
        environment: What the CLI needs for its backend.
        own_storage: Whether each recording has a bucket with credentials.
    """

    name: str
    providers: tuple[str, ...]
    repetitions: Mapping[int, int]
    latency: float = 0.0
    operations: tuple[str, ...] = OPERATIONS
    parallel: int | None = None
    backend: str | None = None
    slowness: float = 1.0
    environment: tuple[tuple[str, str], ...] = ()
    own_storage: bool = False

    def count_workers(self, operation: str) -> int:
        """Return how many operations our provider's process runs at once."""
        if operation in _WITHOUT_PROGRAM:
            return _SDK_WORKERS
        return min(self.parallel or _DEFAULT_PARALLEL, MAX_WORKERS)

    def estimate_seconds(self, size: int) -> float:
        """Return how long a round of so many recordings takes, rounded up."""
        read = _A_COMMAND + size * _A_RECORDING
        write = read + size * (size * _A_PAIR_OF_RECORDINGS + self.latency / _SDK_WORKERS)
        each = sum(write if one in _WRITE_STATE else read for one in self.operations)
        return each * len(self.providers) * self.slowness


class Runner:
    """Runs rounds one after the other, and collects the results."""

    def __init__(self, folder: Path) -> None:
        self.results = Results()
        self._folder = folder
        self._rounds_started = 0
        self._measured_seconds = 0.0
        self._estimated_seconds = 0.0

    def run(self, workload: Workload, budget: TimeBudget) -> None:
        """Run a workload, as far as the time budget allows."""
        with running_api(workload.providers, "--latency-seconds", str(workload.latency)) as api:
            for size, repetitions in workload.repetitions.items():
                for _ in range(repetitions):
                    if not budget.has_time_for(
                        self._describe_round(workload, size), self._estimate_round(workload, size)
                    ):
                        break
                    self._run_round(workload, api, size)

    def run_missing(self, workload: Workload, budget: TimeBudget) -> None:
        """Run the repetitions that are missing, as far as the time budget allows."""
        missing = {
            size: repetitions - self._count_rounds(workload, size)
            for size, repetitions in workload.repetitions.items()
        }
        missing = {size: repetitions for size, repetitions in missing.items() if repetitions > 0}
        if missing:
            self.run(replace(workload, repetitions=missing), budget)

    def _describe_round(self, workload: Workload, size: int) -> str:
        again = " again" if self._count_rounds(workload, size) else ""
        return f"{workload.name}, {size} recordings{again}"

    def _count_rounds(self, workload: Workload, size: int) -> int:
        measured = self.results.get_series(
            workload.name, size, workload.operations[0], workload.providers[0]
        )
        return len(measured.samples) if measured else 0

    def _estimate_round(self, workload: Workload, size: int) -> float:
        """Return the seconds of a round, more where all rounds so far took more than estimated."""
        slower = (
            self._measured_seconds / self._estimated_seconds if self._estimated_seconds else 1.0
        )
        return workload.estimate_seconds(size) * max(1.0, slower)

    def _run_round(self, workload: Workload, api: EmulatedApi, size: int) -> None:
        began = time.monotonic()
        provider_runs = self._create_provider_runs(workload, api, size)
        for operation in workload.operations:
            for provider_run in provider_runs:
                provider_run.measure(operation, self.results)
        for provider_run in provider_runs:
            provider_run.remove_stack()
        shutil.rmtree(self._folder)
        self._measured_seconds += time.monotonic() - began
        self._estimated_seconds += workload.estimate_seconds(size)

    def _create_provider_runs(
        self, workload: Workload, api: EmulatedApi, size: int
    ) -> list[_ProviderRun]:
        """Reset the API and make new projects; each round begins with another provider."""
        api.control.reset()
        turn = self._rounds_started % len(workload.providers)
        self._rounds_started += 1
        names = (*workload.providers[turn:], *workload.providers[:turn])
        return [_ProviderRun(workload, api, size, self._folder / name, name) for name in names]


class _ProviderRun:
    """The project of one provider in one round."""

    def __init__(
        self, workload: Workload, api: EmulatedApi, size: int, folder: Path, name: str
    ) -> None:
        self._workload = workload
        self._size = size
        self._name = name
        self._declared = replace(
            api.declare_recordings(name, size), own_storage=workload.own_storage
        )
        self._started_at = 0.0
        backend = workload.backend and workload.backend.replace("NAME", name)
        self._project = Project(folder, name, api, backend, dict(workload.environment))

    def measure(self, operation: str, results: Results) -> None:
        desired = "PAUSED" if operation in {"preview", "pause all"} else "RECORDING"
        replace(self._declared, desired_state=desired).write(self._project.folder)
        if operation == "destroy":
            # A recording of less than five seconds may be lost, so ours would wait, and twice as
            # long where no refresh has told when it began: not measured.
            time.sleep(max(0.0, self._started_at + _MINIMUM_AGE - time.monotonic()))
        parallel = self._workload.parallel
        options = () if parallel is None else (f"--parallel={parallel}",)
        sample = self._project.measure(operation, *options)
        results.add(Key(self._workload.name, self._size, operation, self._name), sample)
        if operation == "first up":
            self._started_at = time.monotonic()
            if self._workload.backend is None:
                results.state_sizes[self._workload.name, self._size, self._name] = _measure_state(
                    self._project
                )
        line = f"{self._workload.name:8} {self._size:5} {operation:18} {self._name:8}"
        print(f"{line} {sample.seconds:7.2f} s {sample.calls:5} calls", flush=True)

    def remove_stack(self) -> None:
        """Remove the stack, which a shared backend would keep."""
        if self._workload.backend is not None:
            self._project.pulumi("stack", "rm", "--yes", "--non-interactive")


def _measure_state(project: Project) -> tuple[int, int]:
    resources = project.read_resources()
    whole = sum(len(json.dumps(one)) for one in resources)
    kept = [{name: one["outputs"].get(name) for name in COMPUTED_OUTPUTS} for one in resources]
    outputs = sum(len(json.dumps(one)) for one in kept)
    return whole // len(resources), outputs // len(resources)
