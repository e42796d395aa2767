"""The result of one case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fault_injection.invariants import Violation

__all__ = ["CaseResult", "ResultCallback"]


@dataclass(frozen=True)
class CaseResult:
    """The violations of one case; empty where every invariant held.

    Attributes:
        row: The row of the report that counts the case.
        column: The column of the report that counts it.
        name: The case in words.
        violations: The invariants that did not hold.
    """

    row: str
    column: str
    name: str
    violations: tuple[Violation, ...]


ResultCallback = Callable[[CaseResult], None]
"""Called with each result as soon as its case has run, by several threads."""
