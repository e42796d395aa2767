"""The signals that tell this process to stop: counted instead of obeyed, for as long as needed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["ReceivedSignals", "count_signals"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ReceivedSignals:
    """How many signals have come.

    Attributes:
        count: Their number.
    """

    def __init__(self) -> None:
        self.count = 0

    def add(self, _number: int, _frame: FrameType | None) -> None:
        """Count one; this is a handler."""
        self.count += 1


@contextmanager
def count_signals() -> Iterator[ReceivedSignals]:
    """Count SIGINT and SIGTERM inside the block; nothing is interrupted by them."""
    received = ReceivedSignals()
    before = [signal.signal(one, received.add) for one in _SIGNALS]
    try:
        yield received
    finally:
        for one, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(one, handler)
