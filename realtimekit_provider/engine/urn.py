"""A resource's URN, before it is registered, and the name in it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import cast

import pulumi

__all__ = ["compute_urn", "name_from_urn"]

_TYPES = "pulumi-python:dynamic/realtimekit"


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
    full_type = f"{_TYPES}:{type_name}"
    if parent is None:
        stack, project = pulumi.get_stack(), pulumi.get_project()
        return f"urn:pulumi:{stack}::{project}::{full_type}::{resource_name}"
    urn = pulumi.create_urn(resource_name, full_type, parent)
    # Only the text: an output would depend on the parent, whose children include this resource.
    return pulumi.Output.from_input(cast("Awaitable[str]", urn.future()))


def name_from_urn(urn: str) -> str:
    """Return the name that a program gave the resource with this URN."""
    return urn.rsplit("::", 1)[-1]
