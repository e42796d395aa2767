"""A resource's inputs as somebody declared them: pure, and without anything secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.constants import MARK_WORD, SECRET_KEYS
from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.engine.sdk_process import format_property_path, to_stored_path
from realtimekit_provider.redaction import HIDDEN
from realtimekit_provider.schema.input_diff import find_changed_paths

__all__ = [
    "UNKNOWN_VALUE",
    "get_value",
    "list_declared_differences",
    "parse_declared_inputs",
]

UNKNOWN_VALUE = "[unknown]"
"""The text for a value that a preview cannot know."""

_ENGINE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_NOT_DECLARED = frozenset({"mark", "resource_urn", "in_sync"})

_Path = tuple[str | int, ...]


def parse_declared_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs of an engine's event as they were declared.

    A secret is ``[secret]``, an unknown value ``[unknown]``, and the resource's own mark inside of
    a text ``{mark}``. What no program declares is left out.
    """
    mark = inputs.get("mark")
    known_mark = mark if isinstance(mark, str) and mark != _ENGINE_UNKNOWN else None
    return {
        key: HIDDEN if key in SECRET_KEYS else _parse_value(value, known_mark)
        for key, value in decode(inputs).items()
        if key not in _NOT_DECLARED and value is not None
    }


def list_declared_differences(
    before: Mapping[str, Any], after: Mapping[str, Any], reasons: frozenset[str]
) -> list[_Path]:
    """Return the paths at which what was declared last and what is declared now differ.

    Args:
        before: The inputs of the last deployment, as :func:`parse_declared_inputs` returns them.
        after: The inputs as declared now, in the same form.
        reasons: The paths that the engine found to differ, in its spelling: of two secrets it
            alone knows.
    """
    visible = {*find_changed_paths(before, after)}
    secret = (path for path in _list_secrets(after) if _is_among(path, reasons))
    return sorted({*visible, *secret}, key=lambda path: [str(part) for part in path])


def get_value(value: Any, path: _Path) -> Any:
    """Return what is at a path, ``None`` where nothing is."""
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        else:
            is_inside = isinstance(value, list) and isinstance(part, int) and part < len(value)
            value = value[part] if is_inside else None
    return value


def _parse_value(value: Any, mark: str | None) -> Any:
    if isinstance(value, str):
        if value == _ENGINE_UNKNOWN:
            return UNKNOWN_VALUE
        return value.replace(mark, MARK_WORD) if mark else value
    if isinstance(value, list):
        return [_parse_value(inner, mark) for inner in value]
    if not isinstance(value, Mapping):
        return value
    if _SIGNATURE in value:
        return HIDDEN
    return {
        key: HIDDEN if key in SECRET_KEYS else _parse_value(inner, mark)
        for key, inner in value.items()
        if inner is not None
    }


def _list_secrets(value: Any, path: _Path = ()) -> Iterator[_Path]:
    if value == HIDDEN:
        yield path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _list_secrets(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _list_secrets(inner, (*path, position))


def _is_among(path: _Path, reasons: frozenset[str]) -> bool:
    """Whether the path, or one above it, is a reason."""
    stored = to_stored_path(path)
    above = (stored[: length + 1] for length in range(len(stored)))
    return any(format_property_path(one) in reasons for one in above)
