"""What stands on top of a report: what failed, and what is lost or left; pure."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from realtimekit_provider.cli.report.escape import to_code_span
from realtimekit_provider.cli.report.phrases import (
    MOST_NAMES,
    count_noun,
    list_some,
    render_phrase,
)
from realtimekit_provider.cli.report.stack_report import Report, StackReport
from realtimekit_provider.cli.stack_files.names import parse_stack_name

__all__ = [
    "render_deletions",
    "render_failures",
    "render_losses",
    "render_new_stacks",
    "render_warnings",
]

_MOST_REASONS = 5
_MOST_LINES = 20
_MOST_LINES_OF_ALL = 40
_PARTIAL = (
    "What a deployment does once that is fixed is not known in full: it may end live recordings "
    "that are not listed here."
)


def render_failures(report: Report) -> Iterator[str]:
    """Yield an alert for each reason, with the stacks that it holds for, as many as are read."""
    stacks: defaultdict[tuple[str, ...], list[StackReport]] = defaultdict(list)
    for stack in report.failed:
        stacks[stack.errors].append(stack)
    most_lines = min(_MOST_LINES, _MOST_LINES_OF_ALL // min(max(len(stacks), 1), _MOST_REASONS))
    for number, (errors, failed) in enumerate(stacks.items()):
        if number == _MOST_REASONS:
            more = sum(len(one) for one in list(stacks.values())[number:])
            noun = count_noun(more, "more stack")
            yield f"{noun} cannot be deployed: the table names all of them."
            yield ""
            return
        yield "> [!CAUTION]"
        yield f"> **{list_some([one.label for one in failed])} cannot be deployed**"
        yield from (f"> - {to_code_span(line)}" for line in _select_lines(errors, most_lines))
        yield ">"
        yield f"> {render_phrase(failed[0].advice)}"
        if any(one.is_partial for one in failed):
            yield ">"
            yield f"> {_PARTIAL}"
        yield ""


def render_warnings(report: Report) -> Iterator[str]:
    """Yield an alert of what no stack's own preview says, as much as is read."""
    if not report.warnings:
        return
    yield "> [!WARNING]"
    for warning in report.warnings[:MOST_NAMES]:
        text = render_phrase(warning)
        yield f"> - {text[0].upper()}{text[1:]}."
    more = len(report.warnings) - MOST_NAMES
    if more > 0:
        yield f"> - … and {count_noun(more, 'more warning')}: the job's log has all of them."
    yield ""


def render_losses(report: Report) -> Iterator[str]:
    """Yield an alert of the live recordings that end, and one of the files that are deleted."""
    for has_files in (False, True):
        names: defaultdict[str, list[str]] = defaultdict(list)
        for stack in report.stacks:
            for effect in stack.losses:
                if not effect.later_deletions and (effect.column == "storage") == has_files:
                    names[stack.label].append(effect.name)
        number = sum(map(len, names.values()))
        if number:
            noun = count_noun(number, "location" if has_files else "live recording")
            verb = "ends" if number == 1 else "end"
            sentence = f"All files in {noun} are deleted" if has_files else f"{noun} {verb}"
            yield "> [!WARNING]"
            yield f"> **{sentence}:** {_list_names(names)}"
            yield ""


def render_deletions(report: Report) -> Iterator[str]:
    """Yield an alert of the files that are deleted from now on, by age or at a destroy."""
    lines = [
        f"> - {to_code_span(effect.name)} in {to_code_span(stack.label)}: {render_phrase(phrase)}"
        for stack in report.stacks
        for effect in stack.effects
        for phrase in effect.later_deletions
    ]
    if not lines:
        return
    yield "> [!WARNING]"
    yield from lines[:MOST_NAMES]
    more = len(lines) - MOST_NAMES
    if more > 0:
        yield f"> - … and {count_noun(more, 'more such change')}"
    yield ""


def render_new_stacks(report: Report) -> Iterator[str]:
    """Yield an alert of what a new stack needs before its first deployment."""
    new = [one for one in report.stacks if one.is_new and not one.is_failed]
    if not new:
        return
    yield "> [!IMPORTANT]"
    yield "> **Before merging, create what a new stack needs:**"
    for stack in new[:MOST_NAMES]:
        command = to_code_span(f"pulumi stack init {shlex.quote(stack.stack)}")
        environment = to_code_span(parse_stack_name(stack.stack).short)
        yield (
            f"> - its state with {command} (with the `--secrets-provider` of the project's other "
            f"stacks, where they have one), and its environment {environment} in the repository"
        )
    more = len(new) - MOST_NAMES
    if more > 0:
        yield f"> - … and {count_noun(more, 'more new stack')}"
    yield ""


def _select_lines(errors: Sequence[str], most: int) -> Iterator[str]:
    """Yield the first lines of errors, as many as are read."""
    lines = [line.strip() for text in errors for line in text.splitlines() if line.strip()]
    yield from lines[:most]
    if lines[most:]:
        yield f"… and {count_noun(len(lines) - most, 'more line')}"


def _list_names(names: Mapping[str, Sequence[str]]) -> str:
    """Return the names by stack, as many as are read."""
    listed: list[str] = []
    room = MOST_NAMES
    for stack, given in names.items():
        if given[:room]:
            listed.append(f"{', '.join(map(to_code_span, given[:room]))} in {to_code_span(stack)}")
        room = max(0, room - len(given))
    more = sum(map(len, names.values())) - MOST_NAMES
    return f"{'; '.join(listed)}{f' and {more} more' if more > 0 else ''}"
