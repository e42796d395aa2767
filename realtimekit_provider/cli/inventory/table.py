"""The list for people: what is wrong on top, ids whole, and below what was seen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from rich.cells import cell_len
from rich.text import Text

from realtimekit_provider.cli.inventory.filters import EXPIRING, LOST
from realtimekit_provider.cli.inventory.report import Report
from realtimekit_provider.cli.inventory.rows import MEANINGS, RecordingClass, Row
from realtimekit_provider.redaction import to_one_line

__all__ = ["format_age", "format_report", "format_table"]

_HEADINGS = ("CLASS", "STATUS", "AGE", "ID", "STACK/NAME", "MEETING")
_FIXED = 4
_OWNER = 4
_GAP = "  "
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


def format_table(
    rows: Sequence[Row], now: datetime, width: int, *, explains_all: bool = False
) -> Iterator[Text]:
    """Yield the lines of a table: a line a recording, and more where there is more to say.

    The meeting is a column where all of them fit. The owner is one where most of them fit, and
    stands below where it does not fit.
    """
    cells = [_list_cells(row, now) for row in rows]
    widths = _choose_widths(cells, width)
    yield Text(_format_line(_HEADINGS, widths), _HEAD)
    for row, row_cells in zip(rows, cells, strict=True):
        owner = row_cells[_OWNER]
        has_room = len(widths) > _OWNER and cell_len(owner) <= widths[_OWNER]
        shown = row_cells if has_room else row_cells[:_OWNER]
        line = Text(_format_line(shown, widths))
        line.stylize(_get_style(row, now), 0, len(row_cells[0]))
        yield line
        below = [] if has_room or owner == _NOBODY else [owner]
        is_explained = explains_all and not (row.owners and row.is_live)
        below += [row.reason] if is_explained or _has_more_to_say(row, now) else []
        style = "" if row.recording_class.is_wrong else _QUIET
        yield from _wrap(": ".join(below), width, style)


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


def _choose_widths(cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column that is shown."""
    widths = [max(map(cell_len, column)) for column in zip(_HEADINGS, *cells, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
        return widths
    fixed = widths[:_FIXED]
    room = width - sum(fixed) - len(_GAP) * _FIXED
    heading, owners = len(_HEADINGS[_OWNER]), [cell_len(row[_OWNER]) for row in cells]
    fitting = [size for size in owners if size <= room]
    has_column = heading <= room and len(fitting) * 2 > len(owners)
    return [*fixed, max(heading, *fitting)] if has_column else fixed


def _format_owner(row: Row) -> str:
    """Return who has it; of whom nobody knows the name, what its file's name begins with."""
    hint = f"({row.file_prefix})" if row.file_prefix else None
    if not row.holders:
        return hint or _NOBODY
    owner, others = row.holders[0], len(row.holders) - 1
    name = f"{owner.stack}/{hint}" if owner.name is None and hint else str(owner)
    return f"{name} +{others}" if others else name


def _format_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell + " " * (size - cell_len(cell)) for cell, size in zip(cells, widths, strict=False)
    ]
    return _GAP.join(padded).rstrip()


def _get_style(row: Row, now: datetime) -> str:
    if row.recording_class.is_wrong:
        return _WRONG
    is_open = row.expires_soon(now) or row.is_notable or not row.is_started
    return _WARNING if is_open else ""


def _has_more_to_say(row: Row, now: datetime) -> bool:
    is_plain = row.recording_class in _PLAIN_CLASSES and not row.expires_soon(now)
    is_namesake = row.recording_class is RecordingClass.FOREIGN and row.starter is not None
    is_paused = bool(row.owners) and row.status == "PAUSED"
    return not is_plain or is_namesake or row.is_notable or is_paused


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


_COUNTED: Mapping[str, str] = {
    **{one.value: meaning for one, meaning in MEANINGS.items()},
    EXPIRING: "files in Cloudflare's bucket vanish within 48 hours",
    LOST: "in a state, and ended ERRORED or unknown to the API: files may be lost",
}


def _format_counts(report: Report, width: int) -> Iterator[Text]:
    number, wrong, notable = len(report.rows), report.count_wrong(), report.count_notable()
    shown = f"{number} recording{'' if number == 1 else 's'}"
    if number != report.total:
        shown = f"{number} of {report.total} recordings"
    if number:
        shown += f", {wrong or 'none'} of them wrong"
    if notable:
        shown += f", {notable} to look at"
    yield Text(shown, _WRONG if wrong else _WARNING if notable else _HEAD)
    counts = report.count_classes()
    size = max([_CLASS_WIDTH, *map(len, counts)])
    for name, meaning in _COUNTED.items():
        if name in counts:
            begin = f"{counts[name]:>5} {name:<{size}}  "
            yield from map(
                Text,
                textwrap.wrap(
                    meaning, width, initial_indent=begin, subsequent_indent=" " * len(begin)
                ),
            )


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


def _join(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    shown = ", ".join(names[:_MOST_NAMES]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown
