"""A run: what is measured, and in which order, so that what matters most is never left out."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ended_recordings import measure_ended_refresh
from benchmarks.findings import Findings
from benchmarks.limits import LimitedStarts, measure_limited_starts
from benchmarks.results import Results
from benchmarks.runner import Runner, TimeBudget
from benchmarks.startup import measure_imports
from benchmarks.workloads import (
    immediate_api,
    ours_and_noop,
    own_storage,
    slow_api,
    slow_large_stacks,
    slow_starts,
    state_in_bucket,
)
from realtimekit_emulator import ControlError

__all__ = ["SIZES", "check", "measure", "measure_under_limits"]

_LONGEST = 25 * 60.0 - 10.0
"""Twenty-five minutes, less what starting servers and writing the tables takes."""

_CHECK = {1: 3, 100: 2}
_ONCE = {1: 1, 10: 1, 100: 1}
_FIVE_TIMES = {100: 5, 10: 5}
_SLOW_STARTS = {100: 5}
_LARGE = {1000: 1}
SIZES = (*_ONCE, *_LARGE)
"""All that a run measures."""

_OF_LARGE_STACKS = ("first up", "up without changes", "refresh", "destroy")
"""Pausing all of 1000 recordings takes as long as the first up."""

_WITH_LATENCY = {100: 1, 10: 1}
_OWN_STORAGE = {10: 1}
_SHARED_STATE = {100: 1}

_STARTS = 1000
_SECONDS_OF_STARTS = 400.0
_INDEPENDENT_STARTS = 120
_SECONDS_OF_INDEPENDENT_STARTS = 30.0
_RECORDINGS = 1000
_ENDED = 900
_SECONDS_OF_ENDED = 60.0
_REPETITIONS_OF_IMPORTS = 7
_SECONDS_OF_IMPORTS = 20.0


def check(folder: Path) -> Results:
    """Measure as much as tells whether a ratio has become worse."""
    _warm_up(folder)
    runner = Runner(folder / "rounds")
    runner.run(immediate_api(_CHECK), TimeBudget(_LONGEST))
    return runner.results


def measure(folder: Path, sizes: Sequence[int] = (), *, goals_only: bool = False) -> Findings:
    """Measure everything, or what has a goal, or the rounds of some sizes."""
    _warm_up(folder)
    suite = _Suite(folder, sizes)
    try:
        suite.measure_goals()
        if not goals_only:
            suite.measure_rest()
    except (RuntimeError, ControlError, OSError, subprocess.SubprocessError) as error:
        # What was measured until then is still worth seeing, but not keeping.
        suite.findings.failure = str(error)
    return suite.findings


def measure_under_limits(folder: Path, stacks: int, recordings: int) -> LimitedStarts:
    """Measure nothing but starts under the limits, which the stacks divide among them."""
    return measure_limited_starts(stacks, recordings, 1 / stacks, folder)


def _warm_up(folder: Path) -> None:
    """Let the caches of files and of compiled Python be as they will be."""
    workload = immediate_api(
        {1: 1}, without=("up without changes", "refresh", "preview", "pause all")
    )
    Runner(folder / "warm-up").run(workload, TimeBudget(_LONGEST))


class _Suite:
    """A run of everything, or of the rounds of some sizes, as far as there is time."""

    def __init__(self, folder: Path, sizes: Sequence[int]) -> None:
        self._folder = folder
        self._sizes = sizes
        self._budget = TimeBudget(_LONGEST)
        self._runner = Runner(folder / "rounds")
        self.findings = Findings(self._runner.results, self._budget.skipped)

    def measure_goals(self) -> None:
        """Measure what has a goal: rounds, starts under the limits, starts with a slow API."""
        run = self._runner.run_missing
        run(immediate_api(self._select(_ONCE)), self._budget)
        run(ours_and_noop(self._select(_FIVE_TIMES)), self._budget)
        run(slow_starts(self._select(_SLOW_STARTS)), self._budget)
        self._add_limited_starts(1, _STARTS, _SECONDS_OF_STARTS)

    def measure_rest(self) -> None:
        """Measure everything else."""
        run = self._runner.run_missing
        self._add_imports()
        self._add_ended_refresh()
        run(slow_api(self._select(_WITH_LATENCY)), self._budget)
        run(own_storage(self._select(_OWN_STORAGE)), self._budget)
        run(ours_and_noop(self._select(_LARGE), _OF_LARGE_STACKS), self._budget)
        with state_in_bucket(self._select(_SHARED_STATE)) as workload:
            run(workload, self._budget)
        self._add_limited_starts(2, _INDEPENDENT_STARTS, _SECONDS_OF_INDEPENDENT_STARTS)
        # Fits where this size alone is measured.
        run(slow_large_stacks(self._select(_LARGE)), self._budget)

    def _select(self, repetitions: dict[int, int]) -> dict[int, int]:
        return {
            size: times
            for size, times in repetitions.items()
            if not self._sizes or size in self._sizes
        }

    def _has_time_for(self, description: str, seconds: float) -> bool:
        return not self._sizes and self._budget.has_time_for(description, seconds)

    def _add_limited_starts(self, stacks: int, recordings: int, seconds: float) -> None:
        """Start under the limits, of which each stack takes the whole."""
        name = f"{stacks}-stacks"
        description = f"{stacks} × {recordings} starts under the limits"
        if self._has_time_for(description, seconds):
            self.findings.limited.append(
                measure_limited_starts(stacks, recordings, 1.0, self._folder / name)
            )

    def _add_ended_refresh(self) -> None:
        description = f"a refresh of {_RECORDINGS}, {_ENDED} of them ended"
        if self._has_time_for(description, _SECONDS_OF_ENDED):
            self.findings.ended.append(
                measure_ended_refresh(_RECORDINGS, _ENDED, self._folder / "ended")
            )

    def _add_imports(self) -> None:
        if self._has_time_for("importing", _SECONDS_OF_IMPORTS):
            self.findings.imports.update(measure_imports(_REPETITIONS_OF_IMPORTS))
