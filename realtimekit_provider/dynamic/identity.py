"""What a resource knows of itself before it is registered: its URN and its mark."""

from __future__ import annotations

import pulumi

from realtimekit_provider.lifecycle.mark import mark_of

__all__ = ["mark_from", "urn_of"]

_TYPES = "pulumi-python:dynamic/realtimekit"


def urn_of(
    resource_name: str, type_name: str, opts: pulumi.ResourceOptions | None
) -> pulumi.Output[str]:
    """Return the URN that the engine will give the resource, right also under a component."""
    parent = opts.parent if opts is not None else None
    return pulumi.create_urn(
        resource_name, f"pulumi-python:dynamic/realtimekit:{type_name}", parent
    )


def mark_from(urn: pulumi.Output[str]) -> pulumi.Output[str]:
    """Return the mark of the resource with this URN."""
    organization = pulumi.get_organization()
    return urn.apply(lambda known: mark_of(organization, known))
