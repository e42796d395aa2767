"""The invariants: what must be true in the emulator after a case, and after one more ``up``."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from realtimekit_emulator.control.records import RecordingState
from tests.scenarios.steps import LIVE

__all__ = ["INVARIANTS", "Expected", "Invariant", "Violation", "doubled", "judged"]

Invariant = Literal[
    "wanted", "orphan", "double", "lost", "leak", "hang", "budget", "unclear", "void"
]

INVARIANTS: dict[Invariant, str] = {
    "wanted": "missing",
    "orphan": "orphans",
    "double": "doubles",
    "lost": "lost files",
    "leak": "leaks",
    "hang": "hangs",
    "budget": "over budget",
    "unclear": "unclear errors",
    "void": "not struck",
}
"""Each invariant, and the column of the report that counts its violations."""


@dataclass(frozen=True)
class Violation:
    """An invariant that did not hold, and what was seen instead."""

    invariant: Invariant
    seen: str


@dataclass(frozen=True)
class Expected:
    """What a meeting must look like: what is wanted, what is known, how many starts."""

    status: str | None
    known: frozenset[str]
    starts: int


def judged(recordings: list[RecordingState], expected: Expected) -> Iterator[Violation]:
    """Yield what is wrong with a meeting's recordings, oldest first."""
    live = {one.id: one.status for one in recordings if one.status in LIVE}
    unknown = live.keys() - expected.known
    if unknown:
        yield Violation("orphan", f"{len(unknown)} live ones are not in the state")
    active = [status for one, status in live.items() if one in expected.known]
    wanted = [] if expected.status is None else [expected.status]
    if active != wanted:
        yield Violation("wanted", f"active are {active}, wanted {wanted}")
    if len(recordings) > expected.starts or doubled(recordings):
        yield Violation("double", f"{len(recordings)} started, at most {expected.starts} wanted")
    for one in recordings:
        if one.status not in LIVE and one.status != "UPLOADED":
            yield Violation("lost", f"one stopped and is {one.status}")


def doubled(recordings: Iterable[RecordingState]) -> bool:
    """Whether two recordings of one meeting ran at the same moment."""
    spans = sorted((one.invoked_time, one.stopped_time) for one in recordings)
    return any(
        ended is None or ended > begun for (_, ended), (begun, _) in itertools.pairwise(spans)
    )
