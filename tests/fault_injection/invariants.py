"""The invariants: what must be true in the emulator after a case and one more deployment."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from realtimekit_emulator.control.client_models import RecordingState, RequestRecord
from tests.scenarios.steps import LIVE

__all__ = [
    "INVARIANTS",
    "Expected",
    "Invariant",
    "Violation",
    "find_foreign_changes",
    "find_lost_files",
    "find_violations",
]

Invariant = Literal[
    "missing",
    "orphan",
    "duplicate",
    "foreign_change",
    "lost_file",
    "leak",
    "hang",
    "over_budget",
    "unclear_error",
    "not_injected",
]

INVARIANTS: dict[Invariant, str] = {
    "missing": "missing",
    "orphan": "orphans",
    "duplicate": "duplicates",
    "foreign_change": "foreign changes",
    "lost_file": "lost files",
    "leak": "leaks",
    "hang": "hangs",
    "over_budget": "over budget",
    "unclear_error": "unclear errors",
    "not_injected": "not injected",
}
"""Each invariant, and the column of the report that counts its violations."""


@dataclass(frozen=True)
class Violation:
    """An invariant that did not hold, and what was found instead."""

    invariant: Invariant
    details: str


@dataclass(frozen=True)
class Expected:
    """The expected recordings of a meeting.

    Attributes:
        status: The status of its active recording; ``None`` where none may be active.
        stored_ids: The recordings that the state holds.
        most_starts: How many recordings may have been started.
        foreign_ids: The recordings among them that somebody else started.
    """

    status: str | None
    stored_ids: frozenset[str]
    most_starts: int
    foreign_ids: frozenset[str] = frozenset()


def find_violations(
    recordings: Sequence[RecordingState], expected: Expected
) -> Iterator[Violation]:
    """Yield what is wrong with a meeting's recordings, which are given oldest first."""
    own = [one for one in recordings if one.id not in expected.foreign_ids]
    live = {one.id: one.status for one in own if one.status in LIVE}
    orphans = live.keys() - expected.stored_ids
    if orphans:
        yield Violation("orphan", f"{len(orphans)} live recordings are not in the state")
    active = [status for id_, status in live.items() if id_ in expected.stored_ids]
    wanted = [] if expected.status is None else [expected.status]
    if active != wanted:
        yield Violation("missing", f"the statuses are {active}, expected {wanted}")
    if len(own) > expected.most_starts or _has_overlap(recordings):
        details = f"{len(own)} recordings were started, at most {expected.most_starts} wanted"
        yield Violation("duplicate", details)
    yield from find_lost_files(recordings)


def find_lost_files(recordings: Iterable[RecordingState]) -> Iterator[Violation]:
    """Yield each recording that has ended and is not uploaded."""
    for one in recordings:
        if one.status not in LIVE and one.status != "UPLOADED":
            yield Violation("lost_file", f"a stopped recording is {one.status}")


def find_foreign_changes(
    requests: Iterable[RequestRecord], expected: Expected
) -> Iterator[Violation]:
    """Yield what was done to the recordings of somebody else, given all requests of a stack."""
    for one in requests:
        if one.route == "act_on_recording" and one.path.rsplit("/", 1)[-1] in expected.foreign_ids:
            yield Violation("foreign_change", f"{one.body} was sent to somebody else's recording")
    if expected.stored_ids & expected.foreign_ids:
        yield Violation("foreign_change", "the state holds somebody else's recording")


def _has_overlap(recordings: Iterable[RecordingState]) -> bool:
    """Whether two recordings of one meeting ran at the same moment."""
    spans = sorted((one.invoked_time, one.stopped_time) for one in recordings)
    return any(
        stopped is None or stopped > next_start
        for (_, stopped), (next_start, _) in itertools.pairwise(spans)
    )
