"""Arguments that may be plain values, outputs or awaitables: composed, and used more than once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pulumi

__all__ = ["awaitable_to_output", "map_input", "share_input"]


def map_input(value: Any, function: Callable[[Any], Any]) -> Any:
    """Return what a function makes of an argument: at once where it is plain, else as an output.

    Plain values stay plain, since an output costs time, and is unknown in more previews.
    """
    given = awaitable_to_output(value)
    return given.apply(function) if isinstance(given, pulumi.Output) else function(given)


def share_input(value: Any) -> Any:
    """Return an argument that can be given to several resources.

    An awaitable, at any depth, can be awaited only once; an output of it can be used again.
    """
    return pulumi.Output.from_input(value) if _contains_awaitable(value) else value


def awaitable_to_output(value: Any) -> Any:
    """Return an awaitable as an output, and anything else as it is."""
    return pulumi.Output.from_input(value) if inspect.isawaitable(value) else value


def _contains_awaitable(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_contains_awaitable, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_contains_awaitable, value))
    return inspect.isawaitable(value)
