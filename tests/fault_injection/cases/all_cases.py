"""The cases: every operation under every fault at every position, drawn by a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fault_injection.cases.faults import FAULTS, LOST_RESPONSE, Fault
from tests.fault_injection.cases.operations import OPERATIONS, Operation

__all__ = ["Case", "InjectedFault", "Position", "all_cases"]

_API_VARIANTS: Mapping[str, tuple[Any, ...]] = {
    "start_answer": ("top", "nested"),
    "error_envelope": ("auto", "cloudflare", "realtimekit"),
    "conflict_status": (409, 422),
    "repeated_action": ("refuse", "accept"),
    "second_start": ("accept", "refuse"),
    "list_meeting": (True, False),
}
"""Where the API is undocumented, each case draws one of its possible behaviors."""


@dataclass(frozen=True)
class Position:
    """Which calls of an operation a fault hits.

    Attributes:
        name: The position in words.
        calls: The numbers of the calls, from 1; empty for every call.
        lost_response: The call whose response is lost before the fault is injected, if any.
    """

    name: str
    calls: tuple[int, ...] = ()
    lost_response: int | None = None


@dataclass(frozen=True)
class InjectedFault:
    """A fault, and the numbers of the calls that it hits; empty for every call."""

    fault: Fault
    calls: tuple[int, ...]

    @property
    def options(self) -> dict[str, Any]:
        """The emulator's options for it."""
        return {**self.fault.options, **({"nth": list(self.calls)} if self.calls else {})}


@dataclass(frozen=True)
class Case:
    """One operation under one fault at one position, against one variant of the API."""

    operation: Operation
    fault: Fault
    position: Position
    api_settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The case in words."""
        return f"{self.operation.name} / {self.fault.name} / {self.position.name}"

    @property
    def injected_faults(self) -> tuple[InjectedFault, ...]:
        """What is injected, in this order."""
        injected = InjectedFault(self.fault, self.position.calls)
        if self.position.lost_response is None:
            return (injected,)
        return (InjectedFault(LOST_RESPONSE, (self.position.lost_response,)), injected)


def all_cases(seed: int) -> list[Case]:
    """Return every case; the seed decides their order and the variants of the API."""
    generator = random.Random(seed)
    cases = [
        Case(
            operation,
            fault,
            position,
            {name: generator.choice(values) for name, values in _API_VARIANTS.items()},
        )
        for operation in OPERATIONS
        for fault in FAULTS
        for position in _draw_positions(operation, generator)
        if not (fault.may_fail_deployment and operation.single_deployment)
    ]
    generator.shuffle(cases)
    return cases


def _draw_positions(operation: Operation, generator: random.Random) -> list[Position]:
    positions = list(_positions(operation))
    return [generator.choice(positions)] if operation.has_drawn_positions else positions


def _positions(operation: Operation) -> Iterator[Position]:
    for number in range(1, operation.calls + 1):
        yield Position(f"call {number}", (number,))
    if operation.single_deployment:
        return
    for number in range(1, operation.calls + 1):
        yield Position(f"calls {number} and {number + 1}", (number, number + 1))
        yield Position(
            f"call {number + 1}, after a lost response", (number + 1,), lost_response=number
        )
    yield Position("every call")
