"""The results of checks, as a table for people and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from realtimekit_provider.cli.checks.results import Outcome, Report, describe_outcomes
from realtimekit_provider.cli.workflow_commands import break_commands
from realtimekit_provider.redaction import to_one_line

__all__ = ["print_reports", "to_document"]

_STYLES: Mapping[Outcome, str] = {
    Outcome.OK: "green",
    Outcome.WARN: "yellow",
    Outcome.FAIL: "bold red",
    Outcome.SKIPPED: "dim",
}
_OUTCOME_WIDTH = 2 + max(len(outcome.value) for outcome in Outcome)
_ID_WIDTH = 18
_GAP = "  "
_INDENT = " " * (_OUTCOME_WIDTH + _ID_WIDTH + 2 * len(_GAP))
_NARROWEST = 20


def print_reports(reports: Sequence[Report], console: Console) -> None:
    """Print what was found of the project and of each stack, and at the end what it comes to."""
    for stack, group in groupby(reports, key=lambda report: report.stack):
        console.print(f"stack {stack}" if stack else "this machine and the project", style="bold")
        for report in group:
            for line in _format_report(report, console):
                console.print(line, soft_wrap=True)
        console.print()
    # A terminal would cut it anywhere; a file and a pipe have it on one line.
    console.print(describe_outcomes(reports), soft_wrap=not console.is_terminal)


def to_document(reports: Sequence[Report]) -> dict[str, Any]:
    """Return the keys ``summary``, ``counts`` by outcome, and ``checks``.

    Each check has the keys ``id``, ``stack`` (``null`` for the project), ``outcome``,
    ``evidence`` and ``fix``.
    """
    outcomes = [report.result.outcome for report in reports]
    return {
        "summary": describe_outcomes(reports),
        "counts": {outcome.value: outcomes.count(outcome) for outcome in Outcome},
        "checks": [
            {
                "id": report.check_id,
                "stack": report.stack,
                "outcome": report.result.outcome.value,
                "evidence": report.result.evidence,
                "fix": report.result.fix,
            }
            for report in reports
        ],
    }


def _format_report(report: Report, console: Console) -> Iterator[Text]:
    result = report.result
    outcome = Text(f"  {result.outcome.value}".ljust(_OUTCOME_WIDTH), _STYLES[result.outcome])
    first = Text.assemble(outcome, f"{_GAP}{report.check_id:<{_ID_WIDTH}}{_GAP}")
    lines = _wrap(result.evidence, "", console)
    yield first + next(lines, Text())
    yield from (Text(_INDENT) + line for line in lines)
    if result.fix:
        is_wrong = result.outcome in {Outcome.FAIL, Outcome.WARN}
        for line in _wrap(f"→ {result.fix}", "bold" if is_wrong else "", console):
            yield Text(_INDENT) + line


def _wrap(lines: str, style: str, console: Console) -> Iterator[Text]:
    """Yield lines, some of which others have written, without what would move the cursor."""
    text = Text("\n".join(map(to_one_line, lines.split("\n"))), style=style)
    width = max(_NARROWEST, console.width - len(_INDENT))
    for line in text.wrap(console, width, overflow="fold"):
        line.rstrip()
        # GitHub Actions looks for a command behind any indentation.
        yield Text(break_commands(line.plain), style)
