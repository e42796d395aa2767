"""Which resources of one deployment want a recording of the same meeting."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import NamedTuple

__all__ = ["MeetingKey", "MeetingRegistry"]


class MeetingKey(NamedTuple):
    """What tells one meeting from all others: its account, its app and its id."""

    account_id: str
    app_id: str
    meeting_id: str


class MeetingRegistry:
    """The meetings that the resources of a deployment are declared for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._meetings: dict[str, MeetingKey] = {}
        self._wanted_by: dict[MeetingKey, set[str]] = defaultdict(set)

    def register_meeting(self, meeting: MeetingKey, urn: str, *, wants_one: bool) -> list[str]:
        """Remember a resource's meeting, and return who else wants a recording of it.

        Args:
            meeting: The meeting that the resource names.
            urn: The resource, of which the last call counts.
            wants_one: Whether it is to record, and not only declared as stopped.

        Returns:
            The URNs of the others, in their order.
        """
        with self._lock:
            self._wanted_by[self._meetings.get(urn, meeting)].discard(urn)
            self._meetings[urn] = meeting
            others = sorted(self._wanted_by[meeting])
            if wants_one:
                self._wanted_by[meeting].add(urn)
            return others
