"""JSON from elsewhere, of limited depth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["parse_json"]

_MAX_DEPTH = 64


def parse_json(text: str | bytes, *, allow_line_breaks: bool = False) -> Any:
    """Return the content of a JSON text.

    Args:
        text: The JSON.
        allow_line_breaks: Whether a text in it may hold control characters as they are.

    Raises:
        ValueError: It is no JSON, or nested deeper than 64 levels, on which a recursive function
            would reach Python's own limit.
    """
    try:
        content = json.loads(text, strict=not allow_line_breaks)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    level: list[Any] = [content]
    for _ in range(_MAX_DEPTH):
        level = [inner for value in level for inner in _list_inner(value)]
        if not level:
            return content
    raise ValueError("nested too deeply")


def _list_inner(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
