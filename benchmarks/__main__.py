"""``python -m benchmarks``: measure, print, and write what was found into the docs."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import suite
from benchmarks.reports import page, stored_ratios, tables


def main() -> int:
    """Run what the command line asks for."""
    options = _parse_arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        if options.check:
            return _check(folder)
        if options.starts:
            print(
                tables.render_limited_starts([suite.measure_under_limits(folder, *options.starts)])
            )
            return 0
        return _measure(folder, options.sizes, goals_only=options.goals, write=options.write)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--check", action="store_true", help="compare a short run with the stored ratios")
    add(
        "--sizes",
        type=int,
        nargs="+",
        default=[],
        choices=suite.SIZES,
        help="measure only these sizes",
    )
    add(
        "--starts",
        type=int,
        nargs=2,
        metavar=("STACKS", "EACH"),
        help="only starts under the published limits, which the stacks divide among them",
    )
    add("--goals", action="store_true", help="measure only what has a goal")
    add("--write", action="store_true", help="write docs/performance.md and its ratios")
    options = parser.parse_args()
    if options.write and (options.sizes or options.goals or options.starts or options.check):
        parser.error("--write stores a whole run: give it without other options")
    return options


def _check(folder: Path) -> int:
    results = suite.check(folder)
    found = list(
        stored_ratios.find_regressions(
            stored_ratios.extract_ratios(results), stored_ratios.read_ratios()
        )
    )
    print(tables.render_comparison(results), *found or ["no ratio is worse"], sep="\n")
    return 1 if found else 0


def _measure(folder: Path, sizes: list[int], *, goals_only: bool, write: bool) -> int:
    findings = suite.measure(folder, sizes, goals_only=goals_only)
    text = page.render_measurements(findings)
    print(text, findings.failure, sep="\n")
    if findings.failure:
        return 1
    if write:
        page.write_page(text)
        _store_ratios(stored_ratios.extract_ratios(findings.results))
    return 0


def _store_ratios(ratios: stored_ratios.Ratios) -> None:
    """Replace the stored ratios, and print what has become worse: both are stored."""
    if stored_ratios.FILE.exists():
        for regression in stored_ratios.find_regressions(ratios, stored_ratios.read_ratios()):
            print(f"worse than the last whole run: {regression}")
    stored_ratios.write_ratios(ratios)


if __name__ == "__main__":
    sys.exit(main())
