"""``python -m benchmarks``: measure, print, and write what was found into the docs."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import page, report
from benchmarks import stored_ratios as stored
from benchmarks import suite as whole


def main() -> int:
    """Run what the command line asks for."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        if given.check:
            return _check(folder)
        if given.starts:
            print(report.limits([whole.under_limits(folder, *given.starts)]))
            return 0
        return _measure(folder, given.sizes, write=given.write)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--check", action="store_true", help="hold a short run against the stored ratios")
    add("--sizes", type=int, nargs="+", default=[], choices=whole.SIZES, help="no others")
    add(
        "--starts",
        type=int,
        nargs=2,
        metavar=("STACKS", "EACH"),
        help="only starts under the published limits, which the stacks divide among them",
    )
    add("--write", action="store_true", help="write docs/performance.md and its ratios")
    given = parser.parse_args()
    if given.write and (given.sizes or given.starts or given.check):
        parser.error("--write keeps a whole run: give it alone")
    return given


def _check(folder: Path) -> int:
    results = whole.check(folder)
    found = list(stored.worse(stored.ratios_of(results), stored.read()))
    print(report.main_table(results), *found or ["no ratio is worse"], sep="\n")
    return 1 if found else 0


def _measure(folder: Path, sizes: list[int], *, write: bool) -> int:
    findings = whole.measure(folder, sizes)
    text = page.measured_part(findings)
    print(text, findings.failure, sep="\n")
    if findings.failure:
        return 1
    if write:
        page.write(text)
        _keep(stored.ratios_of(findings.results))
    return 0


def _keep(ratios: stored.Ratios) -> None:
    """Replace the stored ratios, and say what has become worse: a whole run is news either way."""
    if stored.FILE.exists():
        for news in stored.worse(ratios, stored.read()):
            print(f"worse than the last whole run: {news}")
    stored.write(ratios)


if __name__ == "__main__":
    sys.exit(main())
