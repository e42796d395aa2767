"""The page about faults has the numbers of the fault injection."""

from __future__ import annotations

from collections import Counter

from tests.docs.pages import ROOT
from tests.fault_injection.cases.all_cases import all_cases
from tests.fault_injection.invariants import INVARIANTS

_PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
_SEED = 1


def test_the_table_of_faults_is_that_of_all_cases() -> None:
    """Whoever adds a fault, an operation or a position runs `make faults` again."""
    lines = _PAGE.split("### Faults", 1)[1].split("| results", 1)[0].strip().splitlines()
    heads, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    shown = {
        (name, group): int(number)
        for name, *numbers in rows
        for group, number in zip(heads[1:], numbers, strict=True)
    }
    assert shown == Counter((one.operation.name, one.fault.group) for one in all_cases(_SEED))


def test_every_invariant_is_described() -> None:
    """Each column of the tables has its row among what must be true."""
    for column in INVARIANTS.values():
        assert f"\n| {column} | " in _PAGE
