"""Which rows are shown, and the lengths of time that ``--newer-than`` takes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from realtimekit_provider.cli.inventory.rows import RecordingClass, Row

__all__ = ["EXPIRING", "LOST", "RowFilter", "list_labels", "parse_age", "sort_rows"]

EXPIRING = "expiring"
"""What ``--class`` takes beside the classes: of any class, with files that vanish soon."""

LOST = "lost"
"""What ``--class`` takes too: in a state, of any class, and its files may be lost."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_age(text: str) -> timedelta:
    """Return the length of time that a text such as ``90s``, ``15m``, ``12h`` or ``7d`` says.

    Raises:
        ValueError: It is no such text.
    """
    match = re.fullmatch(r"(\d{1,6})\s*([smhdw])", text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is no length of time such as 90s, 15m, 12h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def list_labels(row: Row, now: datetime) -> list[str]:
    """Return what ``--class`` may be to show a row: its class, :data:`EXPIRING`, :data:`LOST`."""
    expiring = [EXPIRING] if row.expires_soon(now) else []
    return [row.recording_class.value, *expiring, *([LOST] if row.may_lack_files else [])]


@dataclass(frozen=True)
class RowFilter:
    """What a row must be; what is empty or ``None`` does not matter.

    Attributes:
        stacks: One of these stacks has it or started it.
        statuses: It has one of these statuses.
        classes: It is of one of these classes, :data:`EXPIRING` and :data:`LOST` among them.
        meeting_id: It is of this meeting.
        older_than: It was started that long ago or longer.
        newer_than: It was started that long ago or less.
    """

    stacks: Collection[str] = ()
    statuses: Collection[str] = ()
    classes: Collection[str] = ()
    meeting_id: str | None = None
    older_than: timedelta | None = None
    newer_than: timedelta | None = None

    def select(self, rows: Iterable[Row], now: datetime) -> list[Row]:
        """Return the rows that are shown, in their order."""
        return [row for row in rows if self._has(row, now)]

    def _has(self, row: Row, now: datetime) -> bool:
        concerned = (*row.owners, row.starter) if row.starter is not None else row.owners
        return (
            (not self.stacks or any(one.stack in self.stacks for one in concerned))
            and (not self.statuses or row.status in self.statuses)
            and (not self.classes or any(one in self.classes for one in list_labels(row, now)))
            and self.meeting_id in {None, row.recording.meeting_id}
            and self._has_age(row, now)
        )

    def _has_age(self, row: Row, now: datetime) -> bool:
        if self.older_than is None and self.newer_than is None:
            return True
        if row.started is None:
            return False
        age = now - row.started
        is_old_enough = self.older_than is None or age >= self.older_than
        return is_old_enough and (self.newer_than is None or age <= self.newer_than)


_ORDER = list(RecordingClass)


def sort_rows(rows: Iterable[Row], now: datetime) -> list[Row]:
    """Return what is wrong first, then what expires soon or is lost, or is not as declared.

    What was not started and what is unfinished follow, and then the rest.

    Among equals the newest comes first.
    """

    def get_key(row: Row) -> tuple[int, int, float, str]:
        started = row.started.timestamp() if row.started is not None else 0.0
        is_wrong = row.recording_class.is_wrong
        is_urgent, is_lost = row.expires_soon(now), row.may_lack_files
        is_open = (not row.is_as_declared, not row.is_started, row.is_unfinished)
        group = (is_wrong, is_urgent, is_lost, *is_open, True)
        rank = _ORDER.index(row.recording_class) if is_wrong else 0
        return group.index(True), rank, -started, row.recording.id

    return sorted(rows, key=get_key)
