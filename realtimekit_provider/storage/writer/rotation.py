"""When the generations of a writer's key are made and when they may go: pure decisions.

A new generation is made and proven before anything uses it. The last one stays until the
next rotation, and longer while a live recording that was started with it still writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from realtimekit_provider.api.models.recording import Recording, parse_time

__all__ = ["removable_generations", "retired_generations", "validate_generation"]

# Starts are told by the API's clock. A machine that was never told that clock notes a rotation
# by its own, and even the API's own clocks may disagree. A key too many does no harm.
_CLOCKS_DIFFER_BY = timedelta(minutes=10)


def validate_generation(wanted: object, previous: object) -> str | None:
    """Return what is wrong with a ``key_generation``: it begins at 1 and rises by one."""
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 1:
        return "must be a whole number from 1"
    if not isinstance(previous, int) or wanted in {previous, previous + 1}:
        return None
    return f"rises by one: it was {previous}, so the next one is {previous + 1}"


def retired_generations(
    older: Mapping[str, str], current: int, wanted: int, now: datetime
) -> dict[str, str]:
    """Return the older generations after a rotation, each with when its successor was made."""
    if wanted == current:
        return dict(older)
    return {**older, str(current): now.isoformat()}


def removable_generations(
    older: Mapping[str, str], current: int, live: Iterable[Recording] | None
) -> list[int]:
    """Return the generations that nothing needs any more.

    Args:
        older: The generations before the current one, each with when its successor was made.
        current: The generation that new recordings are started with.
        live: The recordings that may still write to this place; ``None`` where nobody knows.
    """
    if live is None:
        return []
    begun = [parse_time(one.invoked_time) or parse_time(one.started_time) for one in live]
    return [
        int(number)
        for number, until in older.items()
        if int(number) < current - 1 and not any(_may_use(at, parse_time(until)) for at in begun)
    ]


def _may_use(begun: datetime | None, superseded_at: datetime | None) -> bool:
    if begun is None or superseded_at is None:
        return True
    return begun <= superseded_at + _CLOCKS_DIFFER_BY
