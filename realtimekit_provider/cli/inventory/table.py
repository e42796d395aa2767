"""The list for people: what is wrong on top, ids whole, and below what was seen."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from rich.text import Text

from realtimekit_provider.cli.inventory.columns import (
    HEADINGS,
    MEETING,
    OWNER,
    choose_widths,
    count_columns,
    fit_cells,
    format_line,
    get_owner,
)
from realtimekit_provider.cli.inventory.filters import EXPIRING, LOST
from realtimekit_provider.cli.inventory.report import Report
from realtimekit_provider.cli.inventory.rows import MEANINGS, RecordingClass, Row
from realtimekit_provider.redaction import to_one_line

__all__ = ["format_age", "format_report", "format_table"]

_INDENT = "    "
_NOBODY = "-"
_MOST_NAMES = 12
_CLASS_WIDTH = 9
_PLAIN_CLASSES = frozenset(
    {
        RecordingClass.MANAGED,
        RecordingClass.FOREIGN,
        RecordingClass.UNMANAGED,
        RecordingClass.PAST,
    }
)
_OF_OTHERS = frozenset({RecordingClass.FOREIGN, RecordingClass.UNMANAGED})
_WRONG, _WARNING, _QUIET, _HEAD = "bold red", "yellow", "dim", "bold"


def format_report(report: Report, width: int) -> Iterator[Text]:
    """Yield the lines of a report, none of them wider than ``width`` but for ids and names."""
    if report.rows:
        yield from format_table(report.rows, report.now, width, explains_all=report.explains_all)
        yield Text()
    yield from _format_counts(report, width)
    if report.note:
        yield from _wrap(report.note, width, _WARNING)
    yield from _format_scope(report, width)
    yield from _format_width(report, width)


def format_table(
    rows: Sequence[Row], now: datetime, width: int, *, explains_all: bool = False
) -> Iterator[Text]:
    """Yield the lines of a table: a line a recording, and more where there is more to say.

    What is no column stands below: the owner of each row, the meeting where there is more to say.
    So does an owner that is shortened, where there is more to say or another one looks the same.
    """
    cells = [_list_cells(row, now) for row in rows]
    widths = choose_widths(cells, width)
    shown = [fit_cells(one, widths) for one in cells]
    owners = {one[OWNER]: get_owner(fit) for one, fit in zip(cells, shown, strict=True)}
    alike = Counter(owners.values())
    yield Text(format_line(HEADINGS, widths), _HEAD)
    for row, row_cells, fitted in zip(rows, cells, shown, strict=True):
        line = Text(format_line(fitted, widths))
        line.stylize(_get_style(row, now), 0, len(row_cells[0]))
        yield line
        is_explained = explains_all and not (row.owners and row.is_live)
        reason = row.reason if is_explained or _has_more_to_say(row, now) else ""
        is_ambiguous = alike[get_owner(fitted)] > 1
        subject = ", ".join(_list_hidden(row_cells, fitted, reason, is_ambiguous=is_ambiguous))
        style = "" if row.recording_class.is_wrong else _QUIET
        yield from _wrap(": ".join(filter(None, (subject, reason))), width, style)


def _list_hidden(
    cells: Sequence[str], fitted: Sequence[str], reason: str, *, is_ambiguous: bool
) -> Iterator[str]:
    """Yield the owner and the meeting where they are not to be seen above, and are to be."""
    owner, meeting = cells[OWNER], cells[MEETING]
    shown = get_owner(fitted)
    if shown != owner != _NOBODY and (not shown or is_ambiguous or reason):
        yield owner
    if reason and len(fitted) <= MEETING and meeting != _NOBODY and meeting not in reason:
        yield f"meeting {meeting}"


def format_age(age: timedelta) -> str:
    """Return a length of time in its largest whole unit, such as ``41m``, ``3h`` or ``5d``."""
    seconds = max(0, int(age.total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _list_cells(row: Row, now: datetime) -> list[str]:
    cells = [
        row.recording_class.value,
        row.status,
        format_age(now - row.started) if row.started is not None else _NOBODY,
        row.recording.id if row.is_started else _NOBODY,
        _format_owner(row),
        row.recording.meeting_id or _NOBODY,
    ]
    return [to_one_line(cell) for cell in cells]


def _format_owner(row: Row) -> str:
    """Return who has it; of whom nobody knows the name, what its file's name begins with."""
    hint = f"({row.file_prefix})" if row.file_prefix else None
    if not row.holders:
        return hint or _NOBODY
    owner, others = row.holders[0], len(row.holders) - 1
    name = f"{owner.stack}/{hint}" if owner.name is None and hint else str(owner)
    return f"{name} +{others}" if others else name


def _get_style(row: Row, now: datetime) -> str:
    if row.recording_class.is_wrong:
        return _WRONG
    is_open = row.expires_soon(now) or row.is_notable or not row.is_started
    return _WARNING if is_open else ""


def _has_more_to_say(row: Row, now: datetime) -> bool:
    is_plain = row.recording_class in _PLAIN_CLASSES and not row.expires_soon(now)
    is_namesake = row.recording_class is RecordingClass.FOREIGN and row.starter is not None
    is_idle = bool(row.owners) and (row.status == "PAUSED" or row.has_new_ending)
    return not is_plain or is_namesake or row.is_notable or is_idle


def _wrap(text: str, width: int, style: str) -> Iterator[Text]:
    yield from (Text(line, style) for line in _wrap_lines(text, width, _INDENT))


def _wrap_lines(text: str, width: int, first_indent: str) -> list[str]:
    return textwrap.wrap(
        to_one_line(text),
        width,
        initial_indent=first_indent,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


_AMONG_THEM: Mapping[str, str] = {
    EXPIRING: "files in Cloudflare's bucket vanish within 48 hours",
    LOST: "in a state, and ended ERRORED or unknown to the API: files may be lost",
}


def _format_counts(report: Report, width: int) -> Iterator[Text]:
    wrong, notable = report.count_wrong(), report.count_notable()
    shown = _count_rows(report)
    if wrong:
        shown += f", {wrong} of them wrong"
    if notable:
        shown += f", {notable} {'' if wrong else 'of them '}to look at"
    shown += _describe_unknown(report, has_findings=bool(wrong or notable))
    is_open = notable or report.error_code
    yield Text(shown, _WRONG if wrong else _WARNING if is_open else _HEAD)
    counts = report.count_classes()
    size = max([_CLASS_WIDTH, *map(len, counts)])
    meanings = {one.value: meaning for one, meaning in MEANINGS.items()}
    among = {name: f"among them: {meaning}" for name, meaning in _AMONG_THEM.items()}
    for name, meaning in {**meanings, **among}.items():
        if name in counts:
            begin = f"{counts[name]:>5} {name:<{size}}  "
            yield from map(
                Text,
                textwrap.wrap(
                    meaning, width, initial_indent=begin, subsequent_indent=" " * len(begin)
                ),
            )


def _count_rows(report: Report) -> str:
    """Return how many recordings are shown, and how many rows are none."""
    unstarted = report.count_unstarted()
    number = len(report.rows) - unstarted
    if len(report.rows) == report.total:
        shown = f"{number} recording{'' if number == 1 else 's'}"
        return f"{shown} and {unstarted} not started" if unstarted else shown
    shown = f"{number} of {report.total - report.total_unstarted} recordings"
    more = f" and {unstarted} of {report.total_unstarted} not started"
    return f"{shown}{more}" if unstarted else shown


def _describe_unknown(report: Report, *, has_findings: bool) -> str:
    unknown = report.count_unknown()
    if unknown:
        return f", {unknown} of them unknown: the API could not be asked"
    if report.error_code:
        return "; not everything could be read"
    return ", none of them wrong" if report.rows and not has_findings else ""


def _format_scope(report: Report, width: int) -> Iterator[Text]:
    """Yield what the list knows of, as short as that can be said: it stands below every list."""
    user = f", as {report.backend.user}" if report.backend.user else ""
    deployed = _join([stack.name for stack in report.stacks if stack.is_in_backend])
    waiting = [stack.name for stack in report.stacks if not stack.is_in_backend]
    apps = [f"{app_id} of account {account_id}" for account_id, app_id in report.apps]
    text = f"Stacks of project {report.project}: {deployed}"
    if waiting:
        text += f"; never deployed: {_join(waiting)}"
    text += f". Backend: {report.backend.url}{user}. Apps: {_join(apps)}."
    if any(row.recording_class in _OF_OTHERS for row in report.rows):
        text += " Other projects and backends are not known here."
    yield from (Text(line, _QUIET) for line in _wrap_lines(text, width, ""))


def _format_width(report: Report, width: int) -> Iterator[Text]:
    """Yield what the reader of a narrow list does not see."""
    needed = count_columns([_list_cells(row, report.now) for row in report.rows])
    if report.rows and width < needed:
        text = f"From {needed} columns on, and in a file, each row has its meeting."
        yield from (Text(line, _QUIET) for line in _wrap_lines(text, width, ""))


def _join(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    shown = ", ".join(names[:_MOST_NAMES]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown
