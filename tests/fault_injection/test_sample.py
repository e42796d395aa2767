"""A sample of the fault injection for every run of the tests; ``make faults`` runs all of it."""

from __future__ import annotations

import pytest

from tests.fault_injection.cases.all_cases import all_cases
from tests.fault_injection.cases.faults import FAULTS
from tests.fault_injection.cases.operations import OPERATIONS
from tests.fault_injection.invariants import Invariant, Violation
from tests.fault_injection.mutations import MUTATIONS, find_broken_invariants
from tests.fault_injection.provider_process.replaced_names import (
    API_SESSION,
    REMOVED_RULES,
    UnusedNameError,
    UsedName,
    check_is_used,
)
from tests.fault_injection.report import format_section
from tests.fault_injection.results import CaseResult
from tests.fault_injection.sections import run_faults

_SEED = 7
_WORKERS = 2
_CREATE = "realtimekit_provider.recordings.create"


def _ignore(_result: CaseResult) -> None:
    """Print nothing."""


def test_every_invariant_holds_in_a_sample_of_faults() -> None:
    """After one more deployment there is no orphan, no duplicate, no lost file and no leak."""
    results = run_faults(_SEED, 30, _ignore, workers=_WORKERS)
    assert len(results) == 30
    assert [one for one in results if one.violations] == []


@pytest.mark.parametrize("rule", MUTATIONS)
def test_an_invariant_breaks_without_a_rule(rule: str) -> None:
    """The invariants can break, so it means something that they hold."""
    broken = find_broken_invariants(rule, _SEED, _ignore, cases=8, workers=1)
    assert {*MUTATIONS[rule].broken_invariants} & {*broken}


@pytest.mark.parametrize("used", [API_SESSION, *REMOVED_RULES.values()], ids=lambda one: one.name)
def test_every_replaced_name_is_used_by_the_provider(used: UsedName) -> None:
    """Replacing a name that nobody looks up would change nothing."""
    check_is_used(used)


@pytest.mark.parametrize("name", ["active_recording", "dataclass"])
def test_a_name_that_no_function_uses_cannot_be_replaced(name: str) -> None:
    """Neither one that does not exist nor one that only decorates a class."""
    with pytest.raises(UnusedNameError):
        check_is_used(UsedName(_CREATE, name))


def test_every_mutation_has_a_rule_to_remove() -> None:
    """The two tables name the same rules."""
    assert MUTATIONS.keys() == REMOVED_RULES.keys()


def test_every_operation_meets_every_fault() -> None:
    """Except those that may fail a deployment, where one deployment must be enough."""
    combinations = {(case.operation.name, case.fault.name) for case in all_cases(_SEED)}
    assert combinations == {
        (operation.name, fault.name)
        for operation in OPERATIONS
        for fault in FAULTS
        if not (fault.may_fail_deployment and operation.single_deployment)
    }
    assert len(all_cases(_SEED)) > 1000


def test_the_same_seed_draws_the_same_cases() -> None:
    """So a violation can be reproduced."""
    assert all_cases(_SEED) == all_cases(_SEED)
    assert all_cases(_SEED) != all_cases(_SEED + 1)


def test_the_report_counts_cases_and_violations() -> None:
    """A case with two violations of one invariant counts once."""
    violations = (Violation("orphan", "one"), Violation("orphan", "another"))
    report = format_section(
        "Faults",
        [CaseResult("start", "5xx", "a", ()), CaseResult("start", "5xx", "b", violations)],
    )
    assert "| start | 2, 1 wrong |" in report
    assert "| **all** | 2 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |" in report


def test_the_report_claims_nothing_that_was_not_checked() -> None:
    """An unchecked invariant has a dash, not a zero; a violation of it is still counted."""
    results = [CaseResult("start", "5xx", "a", (Violation("hang", "it took long"),))]
    checked: list[Invariant] = ["orphan"]
    report = format_section("Faults", results, checked)
    assert "| **all** | 1 | - | 0 | - | - | - | - | 1 | - | - | - |" in report
