"""Arguments that may be plain values, outputs or awaitables: composed, and used more than once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from pulumi.output import Unknown

from realtimekit_provider.constants import NOT_DEPLOYED
from realtimekit_provider.schema.urn import parse_name

__all__ = ["awaitable_to_output", "map_input", "replace_if_not_deployed", "share_input"]


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


def replace_if_not_deployed(value: Any) -> Any:
    """Return an argument, and :data:`NOT_DEPLOYED` where the resource that makes it is missing.

    The resource's name follows where a deployment of selected targets left it out, so that it has
    no outputs but its inputs; not where it failed in a deployment that goes on with the others,
    so that its outputs stay unknown, whether it was to be created or updated. A preview does not
    know yet.
    """
    if not isinstance(value, pulumi.Output) or pulumi.runtime.is_dry_run():
        return value

    def replace(known: Mapping[str, Any]) -> Any:
        found, missing = known["value"], known["missing"]
        if isinstance(found, Unknown):
            return NOT_DEPLOYED
        return f"{NOT_DEPLOYED}{missing}" if found is None and missing is not None else found

    missing: pulumi.Output[str | None] = pulumi.Output.from_input(_find_missing(value))
    return pulumi.Output.all(value=value, missing=missing).apply(replace, run_with_unknowns=True)


async def _find_missing(value: pulumi.Output[Any]) -> str | None:
    """Return the name of a resource without an id that a value comes from, if there is one."""
    for resource in await value.resources():
        if isinstance(resource, pulumi.CustomResource) and not await resource.id.future():
            return parse_name(str(await resource.urn.future()))
    return None


def _contains_awaitable(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_contains_awaitable, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_contains_awaitable, value))
    return inspect.isawaitable(value)
