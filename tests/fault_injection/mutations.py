"""Mutations: the provider without one of its rules, which fault injection must find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.fault_injection.invariants import INVARIANTS, Invariant
from tests.fault_injection.provider_process.replaced_names import REMOVED_RULES, check_is_used
from tests.fault_injection.results import ResultCallback
from tests.fault_injection.sections import WORKERS, run_faults

__all__ = ["MUTATIONS", "Mutation", "find_broken_invariants", "format_mutations"]

_CASES = 60


@dataclass(frozen=True)
class Mutation:
    """How a missing rule is found.

    Attributes:
        operations: How the names of the operations begin that need the rule.
        broken_invariants: The invariants that must not hold without it.
    """

    operations: tuple[str, ...]
    broken_invariants: tuple[Invariant, ...]


MUTATIONS: Mapping[str, Mutation] = {
    "active-recording-check": Mutation(("start",), ("missing", "orphan", "duplicate")),
    "lost-response-check": Mutation(("start, custom prefix",), ("missing", "orphan")),
    "upload-drain": Mutation(("gate",), ("lost_file",)),
    "identity-in-mark": Mutation(("second owner, refused",), ("foreign_change",)),
    "normal-forms": Mutation(("pause, storage in another spelling",), ("duplicate",)),
    "credential-parsers": Mutation(("pause beside an unreadable key",), ("lost_file",)),
}
"""The mutations by the rule that is taken out."""


def find_broken_invariants(
    rule: str, seed: int, on_result: ResultCallback, *, cases: int = _CASES, workers: int = WORKERS
) -> list[Invariant]:
    """Return the invariants that do not hold without a rule."""
    check_is_used(REMOVED_RULES[rule])
    results = run_faults(
        seed,
        cases,
        on_result,
        mutation=rule,
        operations=MUTATIONS[rule].operations,
        workers=workers,
    )
    broken = {violation.invariant for one in results for violation in one.violations}
    return [invariant for invariant in INVARIANTS if invariant in broken]


def format_mutations(broken: Mapping[str, Sequence[Invariant]]) -> str:
    """Return a table of the invariants that did not hold without each rule."""
    lines = ["| without | result | invariants that do not hold |", "| --- | --- | --- |"]
    for rule, invariants in broken.items():
        names = ", ".join(INVARIANTS[one] for one in invariants) or "none"
        lines.append(f"| {rule} | {'found' if invariants else 'not found'} | {names} |")
    return "\n".join(lines)
