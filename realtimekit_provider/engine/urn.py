"""A resource's URN, before it is registered."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import cast

import pulumi

from realtimekit_provider.schema.urn import TYPES, build_urn

__all__ = ["compute_urn"]


def compute_urn(
    resource_name: str, type_name: str, opts: pulumi.ResourceOptions | None
) -> str | pulumi.Output[str]:
    """Return the URN that the engine will give the resource, right also under a component.

    It is plain text wherever that is known at once: an output costs the program more time than
    everything else that declaring a resource does.

    Args:
        resource_name: The name that the program gives the resource.
        type_name: The last part of its type, such as ``TrackRecording``.
        opts: The resource's options; only the parent matters.
    """
    parent = opts.parent if opts is not None else None
    if parent is None:
        return build_urn(pulumi.get_stack(), pulumi.get_project(), type_name, resource_name)
    urn = pulumi.create_urn(resource_name, f"{TYPES}:{type_name}", parent)
    # Only the text: an output would depend on the parent, whose children include this resource.
    return pulumi.Output.from_input(cast("Awaitable[str]", urn.future()))
