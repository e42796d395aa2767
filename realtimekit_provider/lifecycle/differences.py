"""Where two values differ, path by path, when parts of them may be unknown; what it asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.lifecycle.problems import path_text
from realtimekit_provider.lifecycle.unknown import UNKNOWN

__all__ = ["Changes", "changed_paths", "changes"]


@dataclass(frozen=True)
class Changes:
    """The paths of the inputs for which something else is needed, and those that are updated."""

    replaces: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is as declared."""
        return not (self.replaces or self.updates)


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


def changes(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    another: Collection[str],
    ignored: Collection[str] = (),
) -> Changes:
    """Compare the inputs of then and now; what is unknown counts as changed.

    Args:
        before: The stored inputs.
        after: The inputs as declared now; any part may be unknown.
        another: The inputs whose change needs another resource.
        ignored: The inputs whose change needs nothing.
    """
    paths = [path for path in changed_paths(before, after) if path[0] not in ignored]
    replaces = [path for path in paths if path[0] in another]
    updates = [path for path in paths if path[0] not in another]
    return Changes(tuple(map(path_text, replaces)), tuple(map(path_text, updates)))
