"""What came out of an operation: whether it says what happened, and whether it says too much."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from realtimekit_provider import errors
from tests.fault_injection.faults import CANARY
from tests.fault_injection.invariants import Violation
from tests.provider_process.process import State

__all__ = ["about_error", "about_leaks"]

_OURS = tuple(f"realtimekit_provider.errors.{name}: " for name in errors.__all__)


def about_error(error: str, told: str) -> Iterator[Violation]:
    """Yield what is wrong with an error: it is one of ours, and stands on the resource's row."""
    sentence = error.strip().rsplit("\n", 1)[-1]
    if not sentence.startswith(_OURS) or sentence.split(": ", 1)[1] not in told:
        yield Violation("unclear", sentence)


def about_leaks(texts: Iterable[str], states: Iterable[State]) -> Iterator[Violation]:
    """Yield what holds a credential: a text, or an output that mirrors no input."""
    beyond = [
        json.dumps({name: one.outputs[name] for name in one.outputs.keys() - one.inputs.keys()})
        for one in states
        if "older" not in one.outputs
    ]
    if any(CANARY in text for text in (*texts, *beyond)):
        yield Violation("leak", "a credential is in a text or an output")
