"""Which columns of the list a terminal has room for, and how names are shortened: pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

__all__ = [
    "HEADINGS",
    "MEETING",
    "OWNER",
    "choose_widths",
    "count_columns",
    "fit_cells",
    "format_line",
    "get_owner",
]

HEADINGS = ("CLASS", "STATUS", "AGE", "ID", "STACK/NAME", "MEETING")
OWNER, MEETING = 4, 5
"""The columns that are left out where they do not fit."""

_GAP = "  "
_SHORTEST_OWNER = 12


def choose_widths(cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column that is shown, as many as fit.

    Owners are shortened before the meeting is left out. Without the meeting, the owner is a column
    where most of them fit into it.

    Args:
        cells: The cells of each row, under :data:`HEADINGS`.
        width: The terminal's.
    """
    widths = _measure(cells)
    fixed, owner, meeting = widths[:OWNER], widths[OWNER], widths[MEETING]
    room = width - sum(fixed) - len(_GAP) * OWNER
    room_with_meeting = room - meeting - len(_GAP)
    if room_with_meeting >= min(owner, _SHORTEST_OWNER):
        return [*fixed, min(owner, room_with_meeting), meeting]
    heading, owners = len(HEADINGS[OWNER]), [cell_len(row[OWNER]) for row in cells]
    fitting = [size for size in owners if size <= room]
    has_column = heading <= room and len(fitting) * 2 > len(owners)
    return [*fixed, max(heading, *fitting)] if has_column else fixed


def count_columns(cells: Sequence[Sequence[str]]) -> int:
    """Return how wide a terminal has to be for the meeting to be a column."""
    widths = _measure(cells)
    widths[OWNER] = min(widths[OWNER], _SHORTEST_OWNER)
    return sum(widths) + len(_GAP) * MEETING


def fit_cells(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Return a row's cells as they are shown: an owner that is too long is shortened, or left out.

    Args:
        cells: The cells of a row.
        widths: What :func:`choose_widths` returns.
    """
    shown = list(cells[: len(widths)])
    if len(shown) > OWNER and cell_len(cells[OWNER]) > widths[OWNER]:
        has_meeting = len(shown) > MEETING
        shown[OWNER] = _shorten(cells[OWNER], widths[OWNER]) if has_meeting else ""
    return shown


def get_owner(shown: Sequence[str]) -> str:
    """Return what is shown of a row's owner, empty where that is nothing.

    Args:
        shown: What :func:`fit_cells` returns.
    """
    return shown[OWNER] if len(shown) > OWNER else ""


def format_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells side by side, each as wide as its column."""
    padded = [
        cell + " " * (size - cell_len(cell)) for cell, size in zip(cells, widths, strict=False)
    ]
    return _GAP.join(padded).rstrip()


def _measure(cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, column)) for column in zip(HEADINGS, *cells, strict=True)]


def _shorten(text: str, width: int) -> str:
    """Cut out of the middle: of stack and name the end tells the most."""
    head = _cut(text, (width - 1) // 3)
    tail = _cut(text[::-1], width - 1 - cell_len(head))[::-1]
    return f"{head}…{tail}"


def _cut(text: str, width: int) -> str:
    """Return as much of the begin as fits; a character may be two cells wide."""
    size = next(number for number in range(len(text), -1, -1) if cell_len(text[:number]) <= width)
    return text[:size]
