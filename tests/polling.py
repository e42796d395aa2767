"""Waiting for something that another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["until"]


def until(happened: Callable[[], bool], longest: float = 20.0) -> None:
    """Return once ``happened()``; fail the test where it does not."""
    give_up_at = time.monotonic() + longest
    while not happened():
        assert time.monotonic() < give_up_at, "it did not happen"
        time.sleep(0.01)
