"""A run: what is measured, and in which order, so that what matters most is never left out."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ended_recordings import refreshed
from benchmarks.findings import Findings
from benchmarks.limits import Limited, starts
from benchmarks.results import Results
from benchmarks.runner import Bound, Rounds
from benchmarks.startup import measured
from benchmarks.workloads import at_once, in_the_large, own_storage, shared_state, with_latency
from realtimekit_emulator import ControlError

__all__ = ["SIZES", "check", "measure", "under_limits"]

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

_STARTS_UNAWARE = 120
_SECONDS_OF_STARTS_UNAWARE = 30.0
_RECORDINGS = 1000
_ENDED = 900
_SECONDS_OF_ENDED = 60.0
_REPETITIONS_OF_IMPORTS = 7


def check(folder: Path) -> Results:
    """Measure as much as tells whether a ratio has become worse."""
    _warm_up(folder)
    rounds = Rounds(folder / "rounds")
    rounds.run(at_once(_CHECK), Bound(_LONGEST))
    return rounds.results


def measure(folder: Path, sizes: list[int]) -> Findings:
    """Measure everything, or the rounds of some sizes."""
    bound = Bound(_LONGEST)
    rounds = Rounds(folder / "rounds")
    _warm_up(folder)
    findings = Findings(rounds.results, measured(_REPETITIONS_OF_IMPORTS), bound.left_out)
    try:
        _answering_at_once(rounds, sizes, bound)
        if not sizes:
            _what_has_ended(findings, folder / "ended", bound)
            _under_limits(findings, rounds, folder, bound)
        _beside_the_limits(rounds, bound, sizes)
        # Fits where this size alone is measured.
        rounds.complete(in_the_large(_only(_LARGE, sizes)), bound)
    except (RuntimeError, ControlError, OSError, subprocess.SubprocessError) as error:
        # What was measured until then is still worth seeing, but not keeping.
        findings.failure = str(error)
    return findings


def _warm_up(folder: Path) -> None:
    """Let the caches of files and of compiled Python be as they will be."""
    course = at_once({1: 1}, without=("up without changes", "refresh", "preview", "pause all"))
    Rounds(folder / "warm-up").run(course, Bound(_LONGEST))


def _answering_at_once(rounds: Rounds, sizes: list[int], bound: Bound) -> None:
    rounds.run(at_once(_only(_SMALL, sizes)), bound)
    large = _only(_LARGE, sizes)
    rounds.run(at_once(large, without=(_TOO_LONG,)), bound)
    for size in large:
        bound.leave_out(f"at once, {size} recordings: {_TOO_LONG}")


def under_limits(folder: Path, stacks: int, recordings: int) -> Limited:
    """Measure nothing but starts under the limits, which the stacks divide among them."""
    return starts(stacks, recordings, 1 / stacks, folder)


def _under_limits(findings: Findings, rounds: Rounds, folder: Path, bound: Bound) -> None:
    def while_they_wait(seconds: float) -> None:
        _beside_the_limits(rounds, Bound(seconds - _MARGIN))

    told = f"{_STACKS} × {_STARTS_OF_EACH} starts under the limits"
    if bound.allows(told, _SECONDS_OF_STARTS):
        share = 1 / _STACKS
        divided = starts(_STACKS, _STARTS_OF_EACH, share, folder / "divided", while_they_wait)
        findings.limited.append(divided)
    told = f"{_STACKS} × {_STARTS_UNAWARE} starts under the limits, unaware of each other"
    if bound.allows(told, _SECONDS_OF_STARTS_UNAWARE):
        findings.limited.append(starts(_STACKS, _STARTS_UNAWARE, 1.0, folder / "unaware"))


def _what_has_ended(findings: Findings, folder: Path, bound: Bound) -> None:
    told = f"a refresh of {_RECORDINGS}, {_ENDED} of them ended"
    if bound.allows(told, _SECONDS_OF_ENDED):
        findings.ended.append(refreshed(_RECORDINGS, _ENDED, folder))


def _beside_the_limits(rounds: Rounds, bound: Bound, sizes: Sequence[int] = ()) -> None:
    """Measure what has not been measured yet, and again what has, as far as the bound allows."""
    rounds.complete(at_once(_only(_TWICE, sizes)), bound)
    rounds.complete(with_latency(_only(_WITH_LATENCY, sizes)), bound)
    rounds.complete(own_storage(_only(_OWN_STORAGE, sizes)), bound)
    with shared_state(_only(_SHARED_STATE, sizes)) as course:
        rounds.complete(course, bound)
    rounds.complete(at_once(_only(_THRICE, sizes)), bound)
    rounds.complete(with_latency(_only(_WITH_LATENCY_TWICE, sizes)), bound)


def _only(repetitions: dict[int, int], sizes: Sequence[int]) -> dict[int, int]:
    return {size: times for size, times in repetitions.items() if not sizes or size in sizes}
