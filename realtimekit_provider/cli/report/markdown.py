"""A report in GitHub's Markdown, as long as it may be: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from realtimekit_provider.cli.report.alerts import (
    render_deletions,
    render_failures,
    render_losses,
    render_new_stacks,
    render_warnings,
)
from realtimekit_provider.cli.report.details import render_details
from realtimekit_provider.cli.report.limits import Limit
from realtimekit_provider.cli.report.phrases import count_noun, phrase_counts
from realtimekit_provider.cli.report.stack_report import Report
from realtimekit_provider.cli.report.table import render_table

__all__ = ["render_report"]

_TITLE = "### Recordings: what a deployment would do"
_FROM_STATE = (
    "What is live is what each stack's state says: that of its last deployment or refresh."
)
_FROM_REFRESH = "What is live is what the API said when the stacks were previewed."
_LONGEST_NOTE = 100
_REVIEWED = (
    "A digest stands for what a stack declares: with <code>realtimekit up --reviewed DIGEST</code> "
    "nothing else is deployed."
)


def render_report(
    report: Report, limit: Limit, *, marker: str = "", link: str | None = None
) -> str:
    """Return the report as Markdown: what failed, what is lost or left, the table, the details.

    Args:
        report: The report.
        limit: How long the text may be.
        marker: A line that is not shown, by which the comment is found again.
        link: Where the whole report is.
    """
    head = [marker] if marker else []
    head += [_TITLE, "", *render_failures(report), *render_warnings(report)]
    head += [*render_losses(report), *render_deletions(report)]
    head += [*render_new_stacks(report), *_render_total(report)]
    tail = ["", *_render_digest(report)]
    rows = [*render_table(report)] if report.stacks else []
    table = _fit_table(rows, limit, [*head, *tail], link)
    details = render_details(report.changed, limit, [*head, *table, *tail], link)
    return "\n".join([*head, *table, *details, *tail]) + "\n"


def _render_total(report: Report) -> Iterator[str]:
    if not report.stacks:
        yield "**No stack changes**"
    elif report.counts or not report.failed:
        text = phrase_counts(report.counts)
        known = ", as far as it is known" if report.failed else ""
        yield f"**{text[0].upper()}{text[1:]}{known}**"
        yield ""


def _fit_table(
    lines: Sequence[str], limit: Limit, others: Sequence[str], link: str | None
) -> Sequence[str]:
    """Return the lines of the table: all, but where more stacks are than any comment holds.

    Stacks that do not change come last, so they are left out first.
    """
    room = limit.get_room([*others, *lines])
    if room >= 0:
        return lines
    where = f": [the whole report]({link}) has all" if link else ""
    room -= len(where) + _LONGEST_NOTE
    kept = list(lines)
    while room < 0 and kept:
        room += limit.measure(kept.pop()) + 1
    number = len(lines) - len(kept)
    return [*kept, "", f"**{count_noun(number, 'more stack')} than fit here{where}.**"]


def _render_digest(report: Report) -> Iterator[str]:
    if any(one.effects for one in report.stacks):
        yield f"<sub>{_FROM_REFRESH if report.is_refreshed else _FROM_STATE}</sub>"
        yield ""
    if report.stacks and not report.failed:
        yield f"<sub>{_REVIEWED} Digest of all stacks: <code>{report.digest}</code></sub>"
    elif len(report.failed) < len(report.stacks):
        yield f"<sub>{_REVIEWED}</sub>"
