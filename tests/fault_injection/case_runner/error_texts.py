"""The texts of an operation: whether its error is clear, and whether one holds a credential."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from realtimekit_provider import errors
from tests.fault_injection.cases.faults import CANARY
from tests.fault_injection.invariants import Violation
from tests.provider_process.process import State

__all__ = ["find_leaks", "find_unclear_error"]

_DOCUMENTED = tuple(f"realtimekit_provider.errors.{name}: " for name in errors.__all__)


def find_unclear_error(error: str, logged: str) -> Iterator[Violation]:
    """Yield an error that is not a documented one, or whose message is not on the resource's row.

    Args:
        error: The text of the failed operation; its last line is the error's type and message.
        logged: The errors on the rows of the stack's resources.
    """
    last_line = error.strip().rsplit("\n", 1)[-1]
    if not last_line.startswith(_DOCUMENTED) or last_line.split(": ", 1)[1] not in logged:
        yield Violation("unclear_error", last_line)


def find_leaks(texts: Iterable[str], states: Iterable[State]) -> Iterator[Violation]:
    """Yield a violation where a text, or an output that mirrors no input, holds a credential."""
    own_outputs = [
        json.dumps({name: one.outputs[name] for name in one.outputs.keys() - one.inputs.keys()})
        for one in states
    ]
    if any(CANARY in text for text in (*texts, *own_outputs)):
        yield Violation("leak", "a credential is in a text or an output")
