"""A report in GitHub's Markdown, as long as it may be: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from realtimekit_provider.cli.changes.effects import COLUMNS, Column, Effect, Phrase, Quoted
from realtimekit_provider.cli.report.escape import (
    escape_prose,
    to_code_span,
    to_html_code,
)
from realtimekit_provider.cli.report.stack_report import Report, StackReport

__all__ = ["COMMENT_LIMIT", "SUMMARY_LIMIT", "Limit", "render_report"]


@dataclass(frozen=True)
class Limit:
    """How long a text may be.

    Attributes:
        size: The most that it may have.
        measure: Returns what a text has of that.
    """

    size: int
    measure: Callable[[str], int] = len

    def fits(self, text: str) -> bool:
        """Whether a text is short enough."""
        return self.measure(text) <= self.size


def _count_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _count_bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


COMMENT_LIMIT = Limit(65_000, _count_utf16)
"""A comment of GitHub holds 65,536 characters."""

SUMMARY_LIMIT = Limit(1_000_000, _count_bytes)
"""A step's summary holds 1 MiB."""

_TITLE = "### Recordings: what a deployment would do"
_LOSS = "⚠️"
_FROM_STATE = (
    "What is live is what each stack's state says: that of its last deployment or refresh."
)
_REVIEWED = (
    "A digest stands for what a stack declares: with <code>realtimekit up --reviewed DIGEST</code> "
    "nothing else is deployed."
)
_MOST_REASONS = 5
_MOST_LINES = 20
_LONGEST_LINE = 300
_MOST_NAMES = 12
_LONGEST_CUT = 99_999
_COUNTED: Mapping[Column, tuple[str, str]] = {
    "start": ("{} recording starts", "{} recordings start"),
    "pause": ("{} pauses", "{} pause"),
    "resume": ("{} resumes", "{} resume"),
    "stop": ("{} stops", "{} stop"),
    "replace": ("{} is replaced", "{} are replaced"),
    "storage": ("{} storage change", "{} storage changes"),
    "keys": ("{} key change", "{} key changes"),
    "other": ("{} other change", "{} other changes"),
}
"""What is counted in each column, for one and for several."""


def render_report(
    report: Report, limit: Limit, *, marker: str = "", link: str | None = None
) -> str:
    """Return the report as Markdown.

    The table is whole. Where the details are too long, whole resources are left out at the end,
    and it is said where they are.

    Args:
        report: The report.
        limit: How long the text may be.
        marker: A line that is not shown, by which the comment is found again.
        link: Where the whole report is.
    """
    head = [marker] if marker else []
    head += [_TITLE, "", *_render_failures(report), *_render_losses(report), *_render_table(report)]
    tail = ["", *_render_digest(report)]
    details: list[str] = []
    for number, stack in enumerate(report.changed):
        lines, left_out = _fit_stack(
            stack, limit, [*head, *details], [*tail, _render_cut(99_999, link)]
        )
        details += lines
        if left_out:
            more = sum(len(one.effects) for one in report.changed[number + 1 :])
            details += ["", _render_cut(left_out + more, link)]
            break
    return "\n".join([*head, *details, *tail]) + "\n"


def _fit_stack(
    stack: StackReport, limit: Limit, before: Sequence[str], after: Sequence[str]
) -> tuple[list[str], int]:
    """Return the lines of a stack's details, and how many of its resources did not fit."""
    items = [_render_effect(effect) for effect in stack.effects]
    warnings = [[f"- {_LOSS} {escape_prose(text)}"] for text in stack.warnings]
    opening = ["", "<details>", f"<summary>{_summarize(stack)}</summary>", ""]
    closing = ["", "</details>"]
    room = limit.size - limit.measure("\n".join([*before, *opening, *closing, *after])) - 2
    kept: list[str] = []
    for number, lines in enumerate([*items, *warnings]):
        room -= limit.measure("\n".join(lines)) + 1
        if room < 0:
            left_out = len(items) + len(warnings) - number
            return ([*opening, *kept, *closing] if kept else []), left_out
        kept += lines
    return [*opening, *kept, *closing], 0


def _render_failures(report: Report) -> Iterator[str]:
    """Yield an alert for each reason, with the stacks that it holds for, as many as are read."""
    stacks: defaultdict[tuple[str, ...], list[StackReport]] = defaultdict(list)
    for stack in report.failed:
        stacks[stack.errors].append(stack)
    for number, (errors, failed) in enumerate(stacks.items()):
        if number == _MOST_REASONS:
            more = sum(len(one) for one in list(stacks.values())[number:])
            yield f"{_count(more, 'more stack')} cannot be deployed: the table names all of them."
            yield ""
            return
        yield "> [!CAUTION]"
        yield f"> **{_list_some([one.stack for one in failed])} cannot be deployed**"
        yield from (f"> - {to_code_span(line)}" for line in _select_lines(errors))
        yield ">"
        yield f"> {_render_phrase(failed[0].advice)}"
        yield ""


def _select_lines(errors: Sequence[str]) -> Iterator[str]:
    """Yield the first lines of errors, each no longer than is read."""
    lines = [line.strip() for text in errors for line in text.splitlines() if line.strip()]
    for line in lines[:_MOST_LINES]:
        yield line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
    if lines[_MOST_LINES:]:
        yield f"… and {_count(len(lines) - _MOST_LINES, 'more line')}"


def _render_losses(report: Report) -> Iterator[str]:
    for has_files in (False, True):
        names: defaultdict[str, list[str]] = defaultdict(list)
        for stack in report.stacks:
            for effect in stack.losses:
                if (effect.column == "storage") == has_files:
                    names[stack.stack].append(effect.name)
        number = sum(map(len, names.values()))
        if number:
            noun = _count(number, "location" if has_files else "live recording")
            verb = "ends" if number == 1 else "end"
            sentence = f"All files in {noun} are deleted" if has_files else f"{noun} {verb}"
            yield "> [!WARNING]"
            yield f"> **{sentence}:** {_list_names(names)}"
            yield ""


def _render_table(report: Report) -> Iterator[str]:
    if not report.stacks:
        yield "There is no stack."
        return
    if report.counts:
        yield f"**{_phrase_counts(report.counts)}**"
        yield ""
    elif not report.failed:
        yield "**No change**"
        yield ""
    columns = [one for one in COLUMNS if one != "other" or report.counts["other"]]
    yield f"| stack | {' | '.join(columns)} | digest |"
    yield f"|---|{'--:|' * len(columns)}---|"
    for stack in report.stacks:
        yield _render_row(stack, columns)


def _render_row(stack: StackReport, columns: Sequence[Column]) -> str:
    name = to_code_span(stack.stack, in_table=True)
    if stack.is_failed:
        return f"|{name}|{'|'.join(['**failed**', *([''] * len(columns))])}|"
    lost = {one.column for one in stack.losses}
    counts = stack.counts
    cells = [
        ""
        if not counts[one]
        else f"{_LOSS}&nbsp;**{counts[one]}**"
        if one in lost
        else str(counts[one])
        for one in columns
    ]
    return f"|{name}|{'|'.join(cells)}|`{stack.digest}`|"


def _render_count(number: int, *, is_loss: bool) -> str:
    if not number:
        return ""
    return f"{_LOSS}&nbsp;**{number}**" if is_loss else str(number)


def _render_effect(effect: Effect) -> list[str]:
    sign = f"{_LOSS} " if effect.is_loss else ""
    notes = [f"  - {escape_prose(note)}" for note in effect.notes]
    phrase = _render_phrase(effect.phrase)
    return [f"- {sign}**{to_code_span(effect.name)}** {phrase}", *notes]


def _render_phrase(phrase: Phrase) -> str:
    return "".join(to_code_span(part.text) if isinstance(part, Quoted) else part for part in phrase)


def _render_digest(report: Report) -> Iterator[str]:
    if any(one.effects for one in report.stacks):
        yield f"<sub>{_FROM_STATE}</sub>"
        yield ""
    if not report.failed:
        yield f"<sub>{_REVIEWED} Digest of all stacks: <code>{report.digest}</code></sub>"
    elif len(report.failed) < len(report.stacks):
        yield f"<sub>{_REVIEWED}</sub>"


def _render_cut(number: int, link: str | None) -> str:
    more = f"**{_count(number, 'more change')} {'is' if number == 1 else 'are'} not shown here.**"
    return f"{more} [The whole report]({link}) has all of them." if link else more


def _summarize(stack: StackReport) -> str:
    new = " (a new stack, which its first deployment creates)" if stack.is_new else ""
    return f"{to_html_code(stack.stack)}{new}: {_phrase_counts(stack.counts)}"


def _phrase_counts(counts: Mapping[Column, int]) -> str:
    words = [_COUNTED[one][counts[one] != 1].format(counts[one]) for one in COLUMNS if counts[one]]
    return ", ".join(words) or "no change"


def _list_names(names: Mapping[str, Sequence[str]]) -> str:
    """Return the names by stack, as many as are read."""
    listed: list[str] = []
    room = _MOST_NAMES
    for stack, given in names.items():
        if given[:room]:
            listed.append(f"{', '.join(map(to_code_span, given[:room]))} in {to_code_span(stack)}")
        room = max(0, room - len(given))
    more = sum(map(len, names.values())) - _MOST_NAMES
    return f"{'; '.join(listed)}{f' and {more} more' if more > 0 else ''}"


def _list_some(names: Sequence[str]) -> str:
    listed = ", ".join(map(to_code_span, names[:_MOST_NAMES]))
    more = len(names) - _MOST_NAMES
    return f"{listed} and {more} more" if more > 0 else listed


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
