"""The cases: every operation, under every fault, at every position; drawn by a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fault_injection.faults import FAULTS, LOST_ANSWER, Fault
from tests.fault_injection.operations import OPERATIONS, Operation

__all__ = ["Case", "Position", "Struck", "all_cases", "drawn"]

_APIS: Mapping[str, tuple[Any, ...]] = {
    "start_answer": ("top", "nested"),
    "error_envelope": ("auto", "cloudflare", "realtimekit"),
    "conflict_status": (409, 422),
    "repeated_action": ("refuse", "accept"),
    "second_start": ("accept", "refuse"),
    "list_meeting": (True, False),
}
"""Where nobody knows what the API does, each case meets one of the possibilities."""


@dataclass(frozen=True)
class Position:
    """Which calls of an operation are struck, counted from 1; none named: all of them.

    ``after_a_lost_answer`` is the call whose answer is lost before the fault strikes.
    """

    name: str
    calls: tuple[int, ...] = ()
    after_a_lost_answer: int | None = None


@dataclass(frozen=True)
class Struck:
    """A fault, and the calls that it strikes."""

    fault: Fault
    calls: tuple[int, ...]

    @property
    def spec(self) -> dict[str, Any]:
        """What the emulator is told."""
        return {**self.fault.options, **({"nth": list(self.calls)} if self.calls else {})}


@dataclass(frozen=True)
class Case:
    """One operation under one fault at one position, with an API of one kind."""

    operation: Operation
    fault: Fault
    position: Position
    api: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The case in words."""
        return f"{self.operation.name} / {self.fault.name} / {self.position.name}"

    @property
    def faults(self) -> tuple[Struck, ...]:
        """What is set, in this order."""
        lost = self.position.after_a_lost_answer
        struck = Struck(self.fault, self.position.calls)
        return (struck,) if lost is None else (Struck(LOST_ANSWER, (lost,)), struck)


def _positions(operation: Operation) -> Iterator[Position]:
    for number in range(1, operation.calls + 1):
        yield Position(f"call {number}", (number,))
    if operation.single_faults_only:
        return
    for number in range(1, operation.calls + 1):
        yield Position(f"calls {number} and {number + 1}", (number, number + 1))
        yield Position(
            f"call {number + 1}, after a lost answer", (number + 1,), after_a_lost_answer=number
        )
    yield Position("every call")


def all_cases(seed: int) -> list[Case]:
    """Return every case, in an order and with APIs that the seed decides."""
    dice = random.Random(seed)
    cases = [
        Case(operation, fault, position, {name: dice.choice(of) for name, of in _APIS.items()})
        for operation in OPERATIONS
        for fault in FAULTS
        for position in _positions(operation)
        if fault.can_be_ridden_out or not operation.needs_proof_by_time
    ]
    dice.shuffle(cases)
    return cases


def drawn(seed: int, number: int | None) -> list[Case]:
    """Return so many of all cases, or all."""
    return all_cases(seed)[:number]
