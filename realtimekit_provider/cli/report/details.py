"""What happens in each stack, a line a resource, as long as there is room; pure."""

from __future__ import annotations

from collections.abc import Sequence

from realtimekit_provider.cli.changes.effects import Effect
from realtimekit_provider.cli.report.escape import escape_prose, to_code_span, to_html_code
from realtimekit_provider.cli.report.limits import Limit
from realtimekit_provider.cli.report.phrases import (
    LOSS_SIGN,
    count_noun,
    phrase_counts,
    render_phrase,
)
from realtimekit_provider.cli.report.stack_report import StackReport

__all__ = ["render_details"]

_LONGEST_CUT = 99_999


def render_details(
    stacks: Sequence[StackReport], limit: Limit, around: Sequence[str], link: str | None
) -> list[str]:
    """Return the lines of the details of stacks.

    Where they are too long, whole resources are left out at the end, and it is said where they
    are.

    Args:
        stacks: The stacks.
        limit: How long the whole report may be.
        around: Its other lines.
        link: Where the whole report is.
    """
    details: list[str] = []
    for number, stack in enumerate(stacks):
        others = [*around, *details, "", _render_cut(_LONGEST_CUT, link)]
        lines, left_out = _fit_stack(stack, limit, others)
        details += lines
        if left_out:
            more = sum(len(one.effects) + len(one.warnings) for one in stacks[number + 1 :])
            return [*details, "", _render_cut(left_out + more, link)]
    return details


def _fit_stack(stack: StackReport, limit: Limit, others: Sequence[str]) -> tuple[list[str], int]:
    """Return the lines of a stack's details, and how many of its resources did not fit."""
    warnings = [[f"- {LOSS_SIGN} {escape_prose(text)}"] for text in stack.warnings]
    items = [*map(_render_effect, stack.effects), *warnings]
    opening = ["", "<details>", f"<summary>{_summarize(stack)}</summary>", ""]
    closing = ["", "</details>"]
    kept, left_out = limit.fit(items, [*others, *opening, *closing])
    return ([] if left_out and not kept else [*opening, *kept, *closing]), left_out


def _render_effect(effect: Effect) -> list[str]:
    sign = f"{LOSS_SIGN} " if effect.is_loss or effect.later_deletions else ""
    notes = [f"  - {escape_prose(note)}" for note in effect.notes]
    phrase = render_phrase(effect.phrase)
    return [f"- {sign}**{to_code_span(effect.name)}** {phrase}", *notes]


def _summarize(stack: StackReport) -> str:
    new = " (a new stack, which has no state yet)" if stack.is_new else ""
    failed = ""
    if stack.is_failed:
        known = "as far as it is known, since the preview failed"
        failed = f", {known if stack.is_partial else 'without what failed'}"
    return f"{to_html_code(stack.label)}{new}{failed}: {phrase_counts(stack.counts)}"


def _render_cut(number: int, link: str | None) -> str:
    more = (
        f"**{count_noun(number, 'more change')} {'is' if number == 1 else 'are'} not shown here.**"
    )
    return f"{more} [The whole report]({link}) has all of them." if link else more
