"""``python -m tests.fault_injection``: run the campaigns, print their tables, write them down."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from tests.fault_injection import parts
from tests.fault_injection.campaign import Finding
from tests.fault_injection.invariants import INVARIANTS, Invariant
from tests.fault_injection.mutations import BROKEN, caught, table
from tests.fault_injection.report import section, written_into

_PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_SEED = 1
_ROUNDS = 16


class Teller:
    """Says how far a part has come, and at once what is wrong."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = time.monotonic()
        self._number = 0

    def __call__(self, finding: Finding) -> None:
        self._number += 1
        for violation in finding.violations:
            print(f"{violation.invariant}: {finding.name}: {violation.seen}", file=sys.stderr)
        if self._number % 100 == 0:
            passed = time.monotonic() - self._began
            print(f"{self._name}: {self._number} in {passed:.0f} s", file=sys.stderr)


def main() -> int:
    """Return 0 where every invariant held, and each missing rule was noticed."""
    options = _options()
    if options.without:
        teller = Teller(f"without {options.without}")
        findings = parts.faults(
            options.seed,
            options.cases,
            teller,
            without=options.without,
            operations=BROKEN[options.without].operations,
        )
        print(section(f"Without {options.without}", findings))
        return _verdict(findings)
    sections = _campaign(options)
    findings = [finding for _, found, _ in sections for finding in found]
    text = "\n\n".join(section(*each) for each in sections)
    results = {rule: caught(rule, options.seed, lambda _finding: None) for rule in BROKEN}
    print(f"{text}\n\n{table(results)}")
    if options.write:
        written_into(_PAGE, "make faults", text)
        written_into(_PAGE, "broken on purpose", table(results))
    all_noticed = all(set(BROKEN[rule].noticed_by) <= set(seen) for rule, seen in results.items())
    return _verdict(findings) or int(not all_noticed)


def _campaign(
    options: argparse.Namespace,
) -> list[tuple[str, list[Finding], Collection[Invariant]]]:
    seed = options.seed
    whole = tuple(INVARIANTS)
    return [
        ("Faults", parts.faults(seed, options.cases, Teller("faults")), whole),
        ("Through the engine", parts.sample_of_the_engine(seed, Teller("engine")), parts.SEEN),
        ("Kills", parts.kills(seed, options.rounds, Teller("kills")), parts.SEEN),
        ("Rivals", parts.rivals(Teller("rivals")), parts.SEEN_OF_RIVALS),
    ]


def _verdict(findings: Sequence[Finding]) -> int:
    wrong = sum(bool(one.violations) for one in findings)
    print(f"\n{len(findings)} cases, {wrong} wrong")
    return int(wrong > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fault_injection", description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED, help="decides order, APIs and moments")
    parser.add_argument("--cases", type=int, help="so many fault cases instead of all")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="so many times four kills")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {_PAGE.name}")
    parser.add_argument("--without", choices=BROKEN, help="take a rule out of the provider")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
