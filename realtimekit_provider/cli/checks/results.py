"""What a check found, and what all of them come to: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from realtimekit_provider.cli.checks.texts import count

__all__ = ["CheckResult", "Outcome", "Report", "describe_outcomes", "has_failed"]


class Outcome(Enum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Attributes:
        outcome: How it ended.
        evidence: What was seen, without credentials; for a skipped one why it was.
        fix: What to do; empty where there is nothing.
    """

    outcome: Outcome
    evidence: str
    fix: str = ""

    @classmethod
    def ok(cls, evidence: str) -> CheckResult:
        """Return that all is well."""
        return cls(Outcome.OK, evidence)

    @classmethod
    def warn(cls, evidence: str, fix: str) -> CheckResult:
        """Return that something needs attention, and stops nothing yet."""
        return cls(Outcome.WARN, evidence, fix)

    @classmethod
    def fail(cls, evidence: str, fix: str) -> CheckResult:
        """Return that something is wrong."""
        return cls(Outcome.FAIL, evidence, fix)

    @classmethod
    def skip(cls, reason: str, fix: str = "") -> CheckResult:
        """Return that it is not known."""
        return cls(Outcome.SKIPPED, reason, fix)


@dataclass(frozen=True)
class Report:
    """The result of one check of the project, or of one of its stacks.

    Attributes:
        check_id: The check.
        stack: The stack that it was about, ``None`` for the project and this machine.
        result: What it found.
    """

    check_id: str
    stack: str | None
    result: CheckResult


def has_failed(reports: Sequence[Report], *, strict: bool) -> bool:
    """Whether anything is wrong; with ``strict`` a warning counts."""
    wrong = {Outcome.FAIL, Outcome.WARN} if strict else {Outcome.FAIL}
    return any(report.result.outcome in wrong for report in reports)


def describe_outcomes(reports: Sequence[Report]) -> str:
    """Return the sentence that says what all checks come to."""
    failed = _list_ids(reports, Outcome.FAIL)
    warned = _list_ids(reports, Outcome.WARN)
    skipped = len(_list_ids(reports, Outcome.SKIPPED))
    ok = len(_list_ids(reports, Outcome.OK))
    sentence = "no check failed" if warned else "nothing is wrong"
    if failed:
        sentence = f"{count(len(failed), 'check')} failed ({', '.join(failed)})"
    warnings = f", {count(len(warned), 'warning')} ({', '.join(warned)})" if warned else ""
    return f"{sentence}{warnings}: {ok} ok{f', {skipped} skipped' if skipped else ''}"


def _list_ids(reports: Sequence[Report], outcome: Outcome) -> list[str]:
    return [report.check_id for report in reports if report.result.outcome is outcome]
