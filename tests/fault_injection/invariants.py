"""The invariants: what must be true in the emulator after a case and one more deployment."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from realtimekit_emulator.control.client_models import RecordingState
from tests.scenarios.steps import LIVE

__all__ = ["INVARIANTS", "Expected", "Invariant", "Violation", "find_violations"]

Invariant = Literal[
    "missing",
    "orphan",
    "duplicate",
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
    """

    status: str | None
    stored_ids: frozenset[str]
    most_starts: int


def find_violations(
    recordings: Sequence[RecordingState], expected: Expected
) -> Iterator[Violation]:
    """Yield what is wrong with a meeting's recordings, which are given oldest first."""
    live = {one.id: one.status for one in recordings if one.status in LIVE}
    orphans = live.keys() - expected.stored_ids
    if orphans:
        yield Violation("orphan", f"{len(orphans)} live recordings are not in the state")
    active = [status for id_, status in live.items() if id_ in expected.stored_ids]
    wanted = [] if expected.status is None else [expected.status]
    if active != wanted:
        yield Violation("missing", f"the statuses are {active}, expected {wanted}")
    if len(recordings) > expected.most_starts or _has_overlap(recordings):
        details = (
            f"{len(recordings)} recordings were started, at most {expected.most_starts} wanted"
        )
        yield Violation("duplicate", details)
    for one in recordings:
        if one.status not in LIVE and one.status != "UPLOADED":
            yield Violation("lost_file", f"a stopped recording is {one.status}")


def _has_overlap(recordings: Iterable[RecordingState]) -> bool:
    """Whether two recordings of one meeting ran at the same moment."""
    spans = sorted((one.invoked_time, one.stopped_time) for one in recordings)
    return any(
        stopped is None or stopped > next_start
        for (_, stopped), (next_start, _) in itertools.pairwise(spans)
    )
