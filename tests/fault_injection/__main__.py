"""Inject faults into every operation, kill deployments, and print the report."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fault_injection import sections
from tests.fault_injection.mutations import MUTATIONS, find_broken_invariants, format_mutations
from tests.fault_injection.report import format_section, write_into_page
from tests.fault_injection.results import CaseResult

_PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_SEED = 1
_ROUNDS = 16


class ProgressPrinter:
    """Prints every violation at once, and after each hundred cases how many have run."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._started_at = time.monotonic()
        self._number = 0

    def __call__(self, result: CaseResult) -> None:
        self._number += 1
        for violation in result.violations:
            print(f"{violation.invariant}: {result.name}: {violation.details}", file=sys.stderr)
        if self._number % 100 == 0:
            seconds = time.monotonic() - self._started_at
            print(f"{self._name}: {self._number} cases in {seconds:.0f} s", file=sys.stderr)


def main() -> int:
    """Return 0 where every invariant held, and every mutation was found."""
    options = _parse_options()
    if options.without:
        return _run_without(options.without, options)
    results, report = _run_all(options)
    broken = {
        rule: find_broken_invariants(rule, options.seed, lambda _result: None) for rule in MUTATIONS
    }
    mutations = format_mutations(broken)
    print(f"{report}\n\n{mutations}")
    if options.write:
        write_into_page(_PAGE, "make faults", report)
        write_into_page(_PAGE, "mutations", mutations)
    all_found = all(
        set(mutation.broken_invariants) <= set(broken[rule]) for rule, mutation in MUTATIONS.items()
    )
    return _print_summary(results) or int(not all_found)


def _run_without(rule: str, options: argparse.Namespace) -> int:
    """Run the operations that need a rule, without it."""
    name = f"without {rule}"
    results = sections.run_faults(
        options.seed,
        options.cases,
        ProgressPrinter(name),
        mutation=rule,
        operations=MUTATIONS[rule].operations,
    )
    print(format_section(name.capitalize(), results))
    return _print_summary(results)


def _run_all(options: argparse.Namespace) -> tuple[list[CaseResult], str]:
    """Run every section; return all results, and the report."""
    faults = sections.run_faults(options.seed, options.cases, ProgressPrinter("faults"))
    engine = sections.run_engine_sample(options.seed, ProgressPrinter("through the engine"))
    crashes = sections.run_crash_tests(options.seed, options.rounds, ProgressPrinter("crash tests"))
    concurrent = sections.run_concurrent_deployments(ProgressPrinter("concurrent deployments"))
    report = "\n\n".join(
        (
            format_section("Faults", faults),
            format_section("Through the engine", engine, sections.CHECKED_THROUGH_ENGINE),
            format_section("Crash tests", crashes, sections.CHECKED_THROUGH_ENGINE),
            format_section(
                "Concurrent deployments", concurrent, sections.CHECKED_IN_CONCURRENT_DEPLOYMENTS
            ),
        )
    )
    return [*faults, *engine, *crashes, *concurrent], report


def _print_summary(results: Sequence[CaseResult]) -> int:
    """Print how many cases were wrong; return 1 where any was."""
    wrong = sum(bool(one.violations) for one in results)
    print(f"\n{len(results)} cases, {wrong} wrong")
    return int(wrong > 0)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fault_injection", description=__doc__)
    parser.add_argument(
        "--seed",
        type=int,
        default=_SEED,
        help="decides the order of the cases, the variants of the API and the moments of the kills "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--cases", type=int, help="how many cases are run in the section Faults (default: all)"
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=_ROUNDS,
        help="how many stacks the crash tests deploy, with four kills each (default: %(default)s)",
    )
    parser.add_argument(
        "--write", action="store_true", help=f"write the tables into docs/{_PAGE.name}"
    )
    parser.add_argument(
        "--without",
        choices=MUTATIONS,
        help="take a rule out of the provider, and run only the operations that need it",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
