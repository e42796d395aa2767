"""Where inputs differ, path by path, and whether that is a replacement or an update."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.normal_forms import normalize_field
from realtimekit_provider.schema.unknown import UNKNOWN, contains_failed

__all__ = ["InputDiff", "diff_inputs", "find_changed_paths", "hold_back_if_failed"]


@dataclass(frozen=True)
class InputDiff:
    """What changes.

    Attributes:
        replaces: The paths of the inputs whose change replaces the resource.
        updates: The paths of those that are updated.
    """

    replaces: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no change."""
        return not (self.replaces or self.updates)


def find_changed_paths(
    before: Any, after: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths at which two values differ in their normal forms.

    What is unknown differs from everything.
    """
    if before is UNKNOWN or after is UNKNOWN:
        yield path
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            one = normalize_field(key, before.get(key), before)
            other = normalize_field(key, after.get(key), after)
            yield from find_changed_paths(one, other, (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from find_changed_paths(one, other, (*path, index))
    elif before != after:
        yield path


def diff_inputs(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    replace_on: Collection[str],
    ignored: Collection[str] = (),
) -> InputDiff:
    """Compare stored and declared inputs; what is unknown counts as changed.

    Args:
        before: The stored inputs.
        after: The inputs as declared now; any part may be unknown.
        replace_on: The inputs whose change replaces the resource.
        ignored: The inputs whose change is no change.
    """
    paths = [path for path in find_changed_paths(before, after) if path[0] not in ignored]
    replaces = [path for path in paths if path[0] in replace_on]
    updates = [path for path in paths if path[0] not in replace_on]
    return InputDiff(tuple(map(format_path, replaces)), tuple(map(format_path, updates)))


def hold_back_if_failed(found: InputDiff, after: Mapping[str, Any]) -> InputDiff:
    """Return updates alone where a resource failed that the inputs come from.

    The engine leaves an update out then. Of a replacement it would leave out only the creation.
    """
    is_held_back = bool(found.replaces) and contains_failed(after)
    return InputDiff(updates=(*found.replaces, *found.updates)) if is_held_back else found
