"""Where two values differ, path by path, when parts of them may be unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.lifecycle.unknown import UNKNOWN

__all__ = ["changed_paths"]


def changed_paths(
    before: Any, after: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths at which two values differ; what is unknown differs from everything."""
    if before is UNKNOWN or after is UNKNOWN:
        yield path
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from changed_paths(before.get(key), after.get(key), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changed_paths(one, other, (*path, index))
    elif before != after:
        yield path
