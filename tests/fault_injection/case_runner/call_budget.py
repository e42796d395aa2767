"""Whether faults were injected at all, and whether their calls were tried as often as allowed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from realtimekit_emulator import FaultHandle
from realtimekit_emulator.control.client_models import RequestRecord
from realtimekit_provider.api.retry import RetrySettings
from realtimekit_provider.recordings import create
from tests.fault_injection.cases.faults import Fault
from tests.fault_injection.invariants import Violation

__all__ = ["find_excess_calls", "find_unused_faults"]

_MOST_TRIES = RetrySettings().attempts
_MOST_ROUNDS_OF_A_START = create._MAX_ATTEMPTS
_MOST_CALLS = 500
_KINDS_WITHOUT_ANSWER = {
    "status",
    "empty_body",
    "html_body",
    "not_success",
    "truncated_body",
    "cut",
    "drip",
}


def find_unused_faults(faults: Iterable[FaultHandle]) -> Iterator[Violation]:
    """Yield each fault that hit no call: its case has shown nothing."""
    for one in faults:
        if one.hits == 0:
            yield Violation("not_injected", f"{one.kind} hit no call")


def find_excess_calls(requests: Sequence[RequestRecord], fault: Fault) -> Iterator[Violation]:
    """Yield where a call was tried more often than the client's budget allows.

    A start has several rounds: one each time that the question after it has a clear answer.
    """
    same_calls = itertools.groupby(requests, lambda one: (one.method, one.path, tuple(one.faults)))
    longest = max((len(list(calls)) for (*_, faults), calls in same_calls if faults), default=0)
    most_tries = _MOST_TRIES if fault.group != "429" else _MOST_CALLS
    if fault.kind in _KINDS_WITHOUT_ANSWER and longest > most_tries:
        yield Violation("over_budget", f"one call was tried {longest} times")
    starts = sum(one.method == "POST" for one in requests)
    if starts > _MOST_ROUNDS_OF_A_START * most_tries:
        yield Violation("over_budget", f"a start was sent {starts} times")
    if len(requests) > _MOST_CALLS:
        yield Violation("over_budget", f"the operation took {len(requests)} calls")
