"""The stack's identity, as the resources whose marks are made of it see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.constants import IDENTITY_NAME
from realtimekit_provider.deployment.mark_registry import MarkRegistry
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.urn import build_urn, parse_name, parse_project, parse_stack

__all__ = ["compute_identity_urn", "find_mark_failures"]


def compute_identity_urn(urn: str) -> str:
    """Return the URN of the identity of the stack that the resource ``urn`` is in."""
    return build_urn(parse_stack(urn), parse_project(urn), "StackIdentity", IDENTITY_NAME)


def find_mark_failures(inputs: Mapping[str, Any], marks: MarkRegistry) -> Iterator[InputFailure]:
    """Yield why a resource cannot have the mark that it has, or has none.

    A mark is missing where a deployment of some resources only (``--target``) does not create
    the identity. Two resources have one mark where the first was renamed and keeps the mark that
    it was created with, and the second is new and has the first one's old name.

    Args:
        inputs: The resource's completed inputs; ``mark`` may be unknown.
        marks: The marks of the deployment's resources, to which this one is added.
    """
    urn, mark = inputs.get("resource_urn"), inputs.get("mark")
    if not isinstance(urn, str):
        return
    if mark is None:
        yield InputFailure(
            "",
            f"this deployment (--target) leaves out the resource '{IDENTITY_NAME}', which every "
            f"new resource of this stack needs: add --target '{compute_identity_urn(urn)}'",
        )
    if not isinstance(mark, str):
        return
    other = marks.register_mark(mark, urn)
    if other is not None:
        yield InputFailure(
            "",
            f"has the same mark, {mark}, as '{parse_name(other)}': one of the two was renamed or "
            "moved, and keeps the mark that it was created with. Give the new one a name that no "
            "resource of this stack had before",
        )
