"""The table of a report: a row for each stack; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from realtimekit_provider.cli.changes.effects import COLUMNS, Column
from realtimekit_provider.cli.report.escape import to_code_span
from realtimekit_provider.cli.report.phrases import LOSS_SIGN
from realtimekit_provider.cli.report.stack_report import Report, StackReport

__all__ = ["render_table"]


def render_table(report: Report) -> Iterator[str]:
    """Yield the lines of the table, two of its head first."""
    columns = [one for one in COLUMNS if one != "other" or report.counts["other"]]
    yield f"| stack | {' | '.join(columns)} | digest |"
    yield f"|---|{'--:|' * len(columns)}---|"
    for stack in report.stacks:
        yield _render_row(stack, columns)


def _render_row(stack: StackReport, columns: Sequence[Column]) -> str:
    name = to_code_span(stack.label, in_table=True)
    failed = " **failed**" if stack.is_failed else ""
    digest = f"`{stack.digest}`" if stack.digest is not None else ""
    lost = {one.column for one in stack.losses}
    counts = stack.counts
    cells = [_render_count(counts[one], is_loss=one in lost) for one in columns]
    return f"|{name}{failed}|{'|'.join(cells)}|{digest}|"


def _render_count(number: int, *, is_loss: bool) -> str:
    if not number:
        return ""
    return f"{LOSS_SIGN}&nbsp;**{number}**" if is_loss else str(number)
