"""When the generations of a writer's key are created and deleted: pure decisions.

A new generation is created and checked before anything uses it. The previous one stays until the
next rotation, and longer while a live recording that was started with it still writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from realtimekit_provider.api.models.recording import Recording, parse_time
from realtimekit_provider.schema.unknown import UNKNOWN

__all__ = [
    "list_overdue_generations",
    "list_removable_generations",
    "retire_generation",
    "validate_generation",
]

# Starts are told by the API's clock. A machine that was never told that clock notes a rotation
# by its own, and even the API's own clocks may disagree. A key too many does no harm.
_CLOCK_TOLERANCE = timedelta(minutes=10)


def validate_generation(wanted: object, previous: object) -> str | None:
    """Return what is wrong with a ``key_generation``, ``None`` where nothing is.

    It is a whole number from 1, and rises by one at a time. ``previous`` is what the last
    deployment had, and no number where there was none. What is unknown is not judged.
    """
    if wanted is UNKNOWN:
        return None
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 1:
        return "must be a whole number from 1"
    if not isinstance(previous, int) or wanted in {previous, previous + 1}:
        return None
    return f"must rise by one at a time: it was {previous}, so the next one is {previous + 1}"


def retire_generation(
    previous_keys: Mapping[str, str], current: int, wanted: int, now: datetime
) -> dict[str, str]:
    """Return the previous generations after a deployment, as a new mapping.

    Args:
        previous_keys: The previous generations before it.
        current: The generation that recordings were started with before it.
        wanted: The generation that they are started with from now on.
        now: When the wanted generation was created.

    Returns:
        The number of each previous generation, with the time in ISO 8601 at which its
        successor was created.
    """
    if wanted == current:
        return dict(previous_keys)
    return {**previous_keys, str(current): now.isoformat()}


def list_overdue_generations(previous_keys: Iterable[str], current: int) -> list[int]:
    """Return the previous generations but the last one, which stays until the next rotation."""
    return sorted(int(number) for number in previous_keys if int(number) < current - 1)


def list_removable_generations(
    previous_keys: Mapping[str, str], current: int, unfinished: Iterable[Recording] | None
) -> list[int]:
    """Return the generations that nothing needs any more.

    Args:
        previous_keys: The previous generations, each with when its successor was created.
        current: The generation that new recordings are started with.
        unfinished: The recordings that may still write to this location; ``None`` where that
            is not known.
    """
    if unfinished is None:
        return []
    starts = [parse_time(one.invoked_time) or parse_time(one.started_time) for one in unfinished]
    return [
        generation
        for generation in list_overdue_generations(previous_keys, current)
        if not any(_may_use(at, parse_time(previous_keys[str(generation)])) for at in starts)
    ]


def _may_use(started_at: datetime | None, retired_at: datetime | None) -> bool:
    if started_at is None or retired_at is None:
        return True
    return started_at <= retired_at + _CLOCK_TOLERANCE
