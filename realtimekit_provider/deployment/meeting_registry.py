"""Which resources of one deployment want a recording of a meeting, and which wait for people."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from realtimekit_provider.errors import CallError
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.normal_forms import normalize_id
from realtimekit_provider.schema.urn import parse_name

__all__ = [
    "MeetingAnswer",
    "MeetingKey",
    "MeetingRegistry",
    "WaitRegistry",
    "describe_duplicate_recording",
    "find_duplicate_recordings",
]

MeetingAnswer = bool | CallError
"""Whether a meeting exists; the error where it could not be looked up."""


class MeetingKey(NamedTuple):
    """What tells one meeting from all others: its account, its app and its id."""

    account_id: str
    app_id: str
    meeting_id: str

    @property
    def normal_form(self) -> MeetingKey:
        """The same meeting, each of its ids in its normal form."""
        return MeetingKey(*map(normalize_id, self))


class MeetingRegistry:
    """The meetings that the resources of a deployment are declared for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._meetings: dict[str, MeetingKey] = {}
        self._wanted_by: dict[MeetingKey, set[str]] = defaultdict(set)
        self._answers: dict[MeetingKey, MeetingAnswer] = {}
        self._deployed: set[str] = set()

    def register_deployed(self, urn: str) -> None:
        """Remember that a resource has what it wants, as it was created or stays as it is."""
        with self._lock:
            self._deployed.add(urn)

    def list_missing(self, meeting: MeetingKey) -> list[str]:
        """Return the URNs of those that want a recording of the meeting, and are not deployed.

        Their create failed, or the engine left it out because of another failure.
        """
        with self._lock:
            return sorted(self._wanted_by[meeting.normal_form] - self._deployed)

    def register_answer(self, meeting: MeetingKey, answer: MeetingAnswer) -> None:
        """Remember what the API said when the meeting was looked up."""
        with self._lock:
            self._answers[meeting] = answer

    def find_answer(self, meeting: MeetingKey) -> MeetingAnswer | None:
        """Return what the API said, ``None`` where it was not asked, or gave no clear answer."""
        with self._lock:
            return self._answers.get(meeting)

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
            normal = meeting.normal_form
            self._wanted_by[self._meetings.get(urn, normal)].discard(urn)
            self._meetings[urn] = normal
            others = sorted(self._wanted_by[normal])
            if wants_one:
                self._wanted_by[normal].add(urn)
            return others


class WaitRegistry:
    """Which declared recordings have begun, and which of them wait for somebody to join.

    A wait holds one of the operations that run at once. So one is always left free for what has
    not begun yet: somebody may be in that meeting.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: set[str] = set()
        self._waiting: list[str] = []

    def register_pending(self, urn: str) -> None:
        """Remember that a recording is declared, and that its operation is yet to start."""
        with self._lock:
            self._pending.add(urn)

    def register_started(self, urn: str) -> None:
        """Remember that the recording's operation has started, or that it needs none."""
        with self._lock:
            self._pending.discard(urn)

    def may_wait(self, urn: str, max_operations: int) -> bool:
        """Return whether a recording may wait, or go on waiting, for somebody to join.

        Once every declared recording has begun, all may. Until then it is one less than the
        operations that run at once, those first that have waited longest.

        Args:
            urn: The recording, which counts as waiting from the first call on.
            max_operations: How many operations run at once.
        """
        with self._lock:
            if urn not in self._waiting:
                self._waiting.append(urn)
            return not self._pending or self._waiting.index(urn) < max_operations - 1

    def end_wait(self, urn: str) -> None:
        """Remember that a recording does not wait any more."""
        with self._lock:
            if urn in self._waiting:
                self._waiting.remove(urn)


def find_duplicate_recordings(
    meeting: MeetingKey, urn: str, registry: MeetingRegistry, *, wants_one: bool
) -> Iterator[InputFailure]:
    """Yield a failure for each other resource that wants a recording of the same meeting.

    Args:
        meeting: The meeting that the resource names.
        urn: The resource.
        registry: The meetings of the resources before it, to which this one's is added.
        wants_one: Whether it is to record, and not only declared as stopped.
    """
    others = registry.register_meeting(meeting, urn, wants_one=wants_one)
    for other in others if wants_one else ():
        reason = describe_duplicate_recording(f"'{parse_name(other)}'", f"'{parse_name(urn)}'")
        yield InputFailure("meeting_id", reason)


def describe_duplicate_recording(one: str, other: str) -> str:
    """Say that two recordings, each by what it is called, are of one meeting."""
    return (
        f"would be recorded twice, by {one} and by {other}: a meeting has one active recording, "
        "which can have several layers"
    )
