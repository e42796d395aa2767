"""``python -m benchmarks``: measure, print, and write what was found into the docs."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import page, report, stored
from benchmarks.courses import at_once, in_the_large, own_storage, shared_state, with_latency
from benchmarks.limits import Limited, one_stack, two_stacks
from benchmarks.results import Results
from benchmarks.rounds import Bound, Course, run
from benchmarks.startup import measured

_LONGEST = 25 * 60.0
_FULL = {1: 2, 10: 3, 100: 3}
_LARGE = {1000: 1}
_WITH_LATENCY = {10: 1, 100: 1}
_OURS_WITH_LATENCY = {1000: 1}
_CHECK = {1: 3, 100: 2}
_STARTS = 1000
_STARTS_OF_TWO = 120
_LONGEST_OF_LIMITED = 345.0


def main() -> int:
    """Run what the command line asks for."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        return _check(folder) if given.check else _measure(folder, given.sizes, write=given.write)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--check", action="store_true", help="hold a short run against the stored ratios")
    add("--sizes", type=int, nargs="+", default=[], help="recordings; others than in a full run")
    add("--write", action="store_true", help="write docs/performance.md and its ratios")
    return parser.parse_args()


def _check(folder: Path) -> int:
    results = Results()
    _warm_up(folder)
    run(at_once(_CHECK), results, folder / "rounds", Bound(_LONGEST))
    found = list(stored.worse(stored.ratios_of(results), stored.read()))
    print(report.main_table(results), *found or ["no ratio is worse"], sep="\n")
    return 1 if found else 0


def _measure(folder: Path, sizes: list[int], *, write: bool) -> int:
    bound = Bound(_LONGEST)
    results = Results()
    limited: list[Limited] = []
    _warm_up(folder)
    imports = measured(7)
    failure = ""
    try:
        _run_all(folder, sizes, results, limited, bound)
    except RuntimeError as error:
        # What was measured until then is still worth seeing, but not keeping.
        failure = str(error)
    text = page.measured_part(results, imports, limited)
    print(text, failure, sep="\n")
    if write and not failure:
        page.write(text)
        stored.write(stored.ratios_of(results))
    return 1 if failure else 0


def _run_all(
    folder: Path, sizes: list[int], results: Results, limited: list[Limited], bound: Bound
) -> None:
    rounds = folder / "rounds"
    for course in _with_local_state(sizes):
        run(course, results, rounds, bound)
    with shared_state(_only({100: 1}, sizes)) as course:
        run(course, results, rounds, bound)
    if not sizes:
        limited.extend(_limited(folder, bound))
    # Fits into the time of a run of this size alone, where the limits are not measured.
    run(in_the_large(_only(_OURS_WITH_LATENCY, sizes)), results, rounds, bound)


def _with_local_state(sizes: list[int]) -> Iterator[Course]:
    yield at_once(_only(_FULL, sizes))
    yield with_latency(_only(_WITH_LATENCY, sizes))
    yield own_storage(_only({10: 1}, sizes))
    yield at_once(_only(_LARGE, sizes), without=("pause all",))


def _limited(folder: Path, bound: Bound) -> Iterator[Limited]:
    yield two_stacks(_STARTS_OF_TWO, folder / "two")
    if bound.allows(_LONGEST_OF_LIMITED):
        yield one_stack(_STARTS, folder / "one")


def _only(repetitions: dict[int, int], sizes: list[int]) -> dict[int, int]:
    return {size: times for size, times in repetitions.items() if not sizes or size in sizes}


def _warm_up(folder: Path) -> None:
    """Let the caches of files and of compiled Python be as they will be."""
    course = at_once({1: 1}, without=("up without changes", "refresh", "preview", "pause all"))
    run(course, Results(), folder / "warm-up", Bound(_LONGEST))


if __name__ == "__main__":
    sys.exit(main())
