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
from benchmarks.workloads import immediate_api, large_stacks, own_storage, slow_api, state_in_bucket
from realtimekit_emulator import ControlError

__all__ = ["SIZES", "check", "measure", "measure_under_limits"]

_LONGEST = 25 * 60.0 - 10.0
"""Twenty-five minutes, less what starting servers and writing the tables takes."""

_CHECK = {1: 3, 100: 2}
_SMALL = {1: 1, 10: 1, 100: 1}
_TWICE = {100: 2, 10: 2, 1: 2}
_THRICE = {100: 3, 10: 3}
"""What is repeated is measured while stacks wait for the limits."""

_LARGE = {1000: 1}
SIZES = (*_SMALL, *_LARGE)
"""All that a run measures."""

_TOO_LONG = "pause all"
"""At 1000 recordings it takes as long as the first up."""

_WITH_LATENCY = {100: 1, 10: 1, 1: 1}
_WITH_LATENCY_TWICE = {100: 2, 10: 2}
_OWN_STORAGE = {10: 1}
_SHARED_STATE = {100: 1}

_STACKS = 2
_STARTS_OF_EACH = 500
_SECONDS_OF_STARTS = 355.0
_MARGIN = 15.0
"""What is measured beside waiting stacks is over before they go on."""

_INDEPENDENT_STARTS = 120
_SECONDS_OF_INDEPENDENT_STARTS = 30.0
_RECORDINGS = 1000
_ENDED = 900
_SECONDS_OF_ENDED = 60.0
_REPETITIONS_OF_IMPORTS = 7


def check(folder: Path) -> Results:
    """Measure as much as tells whether a ratio has become worse."""
    _warm_up(folder)
    runner = Runner(folder / "rounds")
    runner.run(immediate_api(_CHECK), TimeBudget(_LONGEST))
    return runner.results


def measure(folder: Path, sizes: list[int]) -> Findings:
    """Measure everything, or the rounds of some sizes."""
    budget = TimeBudget(_LONGEST)
    runner = Runner(folder / "rounds")
    _warm_up(folder)
    findings = Findings(runner.results, measure_imports(_REPETITIONS_OF_IMPORTS), budget.skipped)
    try:
        _measure_immediate_api(runner, sizes, budget)
        if not sizes:
            _add_ended_refresh(findings, folder / "ended", budget)
            _add_limited_starts(findings, runner, folder, budget)
        _repeat_rounds(runner, budget, sizes)
        # Fits where this size alone is measured.
        runner.run_missing(large_stacks(_select_sizes(_LARGE, sizes)), budget)
    except (RuntimeError, ControlError, OSError, subprocess.SubprocessError) as error:
        # What was measured until then is still worth seeing, but not keeping.
        findings.failure = str(error)
    return findings


def _warm_up(folder: Path) -> None:
    """Let the caches of files and of compiled Python be as they will be."""
    workload = immediate_api(
        {1: 1}, without=("up without changes", "refresh", "preview", "pause all")
    )
    Runner(folder / "warm-up").run(workload, TimeBudget(_LONGEST))


def _measure_immediate_api(runner: Runner, sizes: list[int], budget: TimeBudget) -> None:
    runner.run(immediate_api(_select_sizes(_SMALL, sizes)), budget)
    large = _select_sizes(_LARGE, sizes)
    runner.run(immediate_api(large, without=(_TOO_LONG,)), budget)
    for size in large:
        budget.skip(f"at once, {size} recordings: {_TOO_LONG}")


def measure_under_limits(folder: Path, stacks: int, recordings: int) -> LimitedStarts:
    """Measure nothing but starts under the limits, which the stacks divide among them."""
    return measure_limited_starts(stacks, recordings, 1 / stacks, folder)


def _add_limited_starts(
    findings: Findings, runner: Runner, folder: Path, budget: TimeBudget
) -> None:
    def use_waiting_time(seconds: float) -> None:
        _repeat_rounds(runner, TimeBudget(seconds - _MARGIN))

    description = f"{_STACKS} × {_STARTS_OF_EACH} starts under the limits"
    if budget.has_time_for(description, _SECONDS_OF_STARTS):
        share = 1 / _STACKS
        divided = measure_limited_starts(
            _STACKS, _STARTS_OF_EACH, share, folder / "divided", use_waiting_time
        )
        findings.limited.append(divided)
    description = (
        f"{_STACKS} × {_INDEPENDENT_STARTS} starts under the limits, independent of each other"
    )
    if budget.has_time_for(description, _SECONDS_OF_INDEPENDENT_STARTS):
        findings.limited.append(
            measure_limited_starts(_STACKS, _INDEPENDENT_STARTS, 1.0, folder / "independent")
        )


def _add_ended_refresh(findings: Findings, folder: Path, budget: TimeBudget) -> None:
    description = f"a refresh of {_RECORDINGS}, {_ENDED} of them ended"
    if budget.has_time_for(description, _SECONDS_OF_ENDED):
        findings.ended.append(measure_ended_refresh(_RECORDINGS, _ENDED, folder))


def _repeat_rounds(runner: Runner, budget: TimeBudget, sizes: Sequence[int] = ()) -> None:
    """Measure what is missing, then again what has been measured, while there is time."""
    runner.run_missing(immediate_api(_select_sizes(_TWICE, sizes)), budget)
    runner.run_missing(slow_api(_select_sizes(_WITH_LATENCY, sizes)), budget)
    runner.run_missing(own_storage(_select_sizes(_OWN_STORAGE, sizes)), budget)
    with state_in_bucket(_select_sizes(_SHARED_STATE, sizes)) as workload:
        runner.run_missing(workload, budget)
    runner.run_missing(immediate_api(_select_sizes(_THRICE, sizes)), budget)
    runner.run_missing(slow_api(_select_sizes(_WITH_LATENCY_TWICE, sizes)), budget)


def _select_sizes(repetitions: dict[int, int], sizes: Sequence[int]) -> dict[int, int]:
    return {size: times for size, times in repetitions.items() if not sizes or size in sizes}
