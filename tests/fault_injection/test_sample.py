"""A sample of the campaign, for every run of the tests; ``make faults`` lives through all of it."""

from __future__ import annotations

import pytest

from tests.fault_injection.campaign import Finding
from tests.fault_injection.cases import all_cases
from tests.fault_injection.faults import FAULTS
from tests.fault_injection.invariants import Invariant, Violation
from tests.fault_injection.mutations import BROKEN, caught
from tests.fault_injection.operations import OPERATIONS
from tests.fault_injection.parts import faults
from tests.fault_injection.report import section

_SEED = 7
_LANES = 2


def _nothing_told(_finding: Finding) -> None:
    """Nobody reads along."""


def test_a_sample_of_faults_loses_doubles_and_leaks_nothing() -> None:
    """Whatever is struck wherever: after one more deployment all invariants hold."""
    found = faults(_SEED, 30, _nothing_told, lanes=_LANES)
    assert len(found) == 30
    assert [one for one in found if one.violations] == []


@pytest.mark.parametrize("rule", BROKEN)
def test_without_a_rule_the_campaign_goes_red(rule: str) -> None:
    """The invariants can be violated, so that their holding means something."""
    assert {*BROKEN[rule].noticed_by} & {*caught(rule, _SEED, _nothing_told, cases=8, lanes=1)}


def test_every_operation_meets_every_fault() -> None:
    """A start that cannot be proven by its file name is spared what needs a second deployment."""
    met = {(case.operation.name, case.fault.name) for case in all_cases(_SEED)}
    assert met == {
        (operation.name, fault.name)
        for operation in OPERATIONS
        for fault in FAULTS
        if fault.can_be_ridden_out or not operation.needs_proof_by_time
    }
    assert len(all_cases(_SEED)) > 1000


def test_the_same_seed_draws_the_same_cases() -> None:
    """StartRequest and APIs are the seed's, so a finding can be met again."""
    assert all_cases(_SEED) == all_cases(_SEED)
    assert all_cases(_SEED) != all_cases(_SEED + 1)


def test_the_report_counts_cases_and_what_came_of_them() -> None:
    """A case with two violations of one invariant counts once."""
    twice = (Violation("orphan", "one"), Violation("orphan", "another"))
    report = section(
        "Faults",
        [Finding("start", "5xx", "a", ()), Finding("start", "5xx", "b", twice)],
    )
    assert "| start | 2, 1 wrong |" in report
    assert "| **all** | 2 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |" in report


def test_the_report_claims_nothing_that_was_not_looked_at() -> None:
    """A dash is no zero; what was seen all the same is told."""
    found = [Finding("start", "5xx", "a", (Violation("hang", "it took long"),))]
    looked_at: list[Invariant] = ["orphan"]
    report = section("Faults", found, looked_at)
    assert "| **all** | 1 | - | 0 | - | - | - | 1 | - | - | - |" in report
