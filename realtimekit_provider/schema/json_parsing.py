"""JSON from elsewhere, read so that nobody behind it can be led too deep."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["parse_json"]

_DEEPEST = 64


def parse_json(text: str | bytes) -> Any:
    """Return what ``text`` says.

    Raises:
        ValueError: It is no JSON, or nested deeper than anything that is meant for us: whoever
            walks through that would run into Python's own limit.
    """
    try:
        content = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    level: list[Any] = [content]
    for _ in range(_DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return content
    raise ValueError("nested too deeply")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
