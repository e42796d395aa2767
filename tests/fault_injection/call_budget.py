"""Whether faults struck at all, and whether their calls were tried as often as is allowed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from realtimekit_emulator import FaultHandle
from realtimekit_emulator.control.records import RequestRecord
from tests.fault_injection.faults import Fault
from tests.fault_injection.invariants import Violation

__all__ = ["not_struck", "over_budget"]

_MOST_TRIES = 5
_MOST_ROUNDS_OF_A_START = 4
_MOST_CALLS = 500
_NO_ANSWER = {"status", "empty_body", "html_body", "not_success", "truncated_body", "cut", "drip"}


def not_struck(faults: Iterable[FaultHandle]) -> Iterator[Violation]:
    """Yield each fault that met no call: its case has proven nothing."""
    for one in faults:
        if one.hits == 0:
            yield Violation("void", f"{one.kind} struck no call")


def over_budget(requests: Sequence[RequestRecord], fault: Fault) -> Iterator[Violation]:
    """Yield where one call was tried more often than the client tries one.

    A start is one of its own each time that its question has a clear answer.
    """
    streaks = itertools.groupby(requests, lambda one: (one.method, one.path, tuple(one.faults)))
    longest = max((len(list(same)) for (*_, faults), same in streaks if faults), default=0)
    tries = _MOST_TRIES if fault.group != "429" else _MOST_CALLS
    if fault.kind in _NO_ANSWER and longest > tries:
        yield Violation("budget", f"one call was tried {longest} times")
    starts = sum(one.method == "POST" for one in requests)
    if starts > _MOST_ROUNDS_OF_A_START * tries:
        yield Violation("budget", f"a start was asked for {starts} times")
    if len(requests) > _MOST_CALLS:
        yield Violation("budget", f"it took {len(requests)} calls")
