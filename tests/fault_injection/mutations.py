"""The provider broken on purpose: without each of these rules the campaign must go red."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.fault_injection.campaign import Finding
from tests.fault_injection.invariants import INVARIANTS, Invariant
from tests.fault_injection.parts import LANES, Told, faults

__all__ = ["BROKEN", "Broken", "caught", "table"]

_CASES = 60


@dataclass(frozen=True)
class Broken:
    """Which operations need a rule, and which invariants must notice that it is missing."""

    operations: tuple[str, ...]
    noticed_by: tuple[Invariant, ...]


BROKEN: Mapping[str, Broken] = {
    "active-recording-question": Broken(("start", "take"), ("wanted", "orphan", "double")),
    "after-post-rule": Broken(("start, own prefix",), ("wanted", "orphan")),
    "gate-wait": Broken(("gate",), ("lost",)),
}


def caught(
    rule: str, seed: int, told: Told, *, cases: int = _CASES, lanes: int = LANES
) -> list[Invariant]:
    """Return which invariants notice, with the rule taken out."""
    broken = BROKEN[rule]
    findings: Sequence[Finding] = faults(
        seed, cases, told, without=rule, operations=broken.operations, lanes=lanes
    )
    seen = {violation.invariant for one in findings for violation in one.violations}
    return [each for each in INVARIANTS if each in seen]


def table(results: Mapping[str, Sequence[Invariant]]) -> str:
    """Return which invariants caught which missing rule."""
    lines = ["| without | the campaign is | caught by |", "| --- | --- | --- |"]
    for rule, invariants in results.items():
        names = ", ".join(INVARIANTS[each] for each in invariants) or "nothing"
        lines.append(f"| {rule} | {'red' if invariants else 'green'} | {names} |")
    return "\n".join(lines)
