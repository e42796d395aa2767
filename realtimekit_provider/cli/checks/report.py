"""The results of checks, as a table for people and as a document for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from realtimekit_provider.cli.checks.results import Outcome, Report, describe_outcomes
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


def print_reports(reports: Sequence[Report], console: Console) -> None:
    """Print a table of the project and one of each stack, and in the last line what it comes to."""
    for stack, group in groupby(reports, key=lambda report: report.stack):
        console.print(f"stack {stack}" if stack else "this machine and the project", style="bold")
        console.print(_build_table(list(group)))
        console.print()
    console.print(describe_outcomes(reports), soft_wrap=True)


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


def _build_table(reports: Sequence[Report]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=_OUTCOME_WIDTH)
    table.add_column(no_wrap=True, min_width=_ID_WIDTH)
    table.add_column(overflow="fold")
    for report in reports:
        result = report.result
        style = _STYLES[result.outcome]
        table.add_row(
            Text(f"  {result.outcome.value}", style=style),
            report.check_id,
            _to_text(result.evidence),
        )
        if result.fix:
            is_wrong = result.outcome in {Outcome.FAIL, Outcome.WARN}
            table.add_row("", "", _to_text(f"→ {result.fix}", style="bold" if is_wrong else ""))
    return table


def _to_text(lines: str, style: str = "") -> Text:
    """Return lines, some of which others have written, without what would move the cursor."""
    return Text("\n".join(map(to_one_line, lines.split("\n"))), style=style)
