"""How long a recording was, and whether a call ended it: pure."""

from __future__ import annotations

from realtimekit_provider.api.models.recording import parse_time

__all__ = ["count_seconds", "get_max_seconds", "is_stopped_by_call"]

_LONGEST_RECORDING = 86400.0
"""Seconds that a recording may last where nobody says less (API reference, ``max_seconds``)."""

_CALL = "API_CALL"
_TOLERANCE = 30.0


def count_seconds(first: str | None, last: str | None) -> float | None:
    """Return the seconds between two of the API's times, ``None`` where one is unknown."""
    started, stopped = parse_time(first), parse_time(last)
    return None if started is None or stopped is None else (stopped - started).total_seconds()


def get_max_seconds(declared: object) -> float:
    """Return how long a recording may be, by its ``max_seconds`` as it is declared."""
    return float(declared) if isinstance(declared, (int, float)) else _LONGEST_RECORDING


def is_stopped_by_call(stop_reason: str | None, seconds: float | None, max_seconds: float) -> bool:
    """Whether somebody stopped a recording by a call.

    The API gives the same reason for ``max_seconds``, so a recording that was as long as it may
    be has ended by itself.

    Args:
        stop_reason: Why it ended, in the API's words; ``None`` where it does not say.
        seconds: How long it was; ``None`` where that is not known.
        max_seconds: How long it may be.
    """
    is_as_long = seconds is not None and seconds >= max_seconds - _TOLERANCE
    return stop_reason == _CALL and not is_as_long
