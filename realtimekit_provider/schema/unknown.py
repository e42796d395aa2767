"""Values that a preview cannot know yet, because a resource is still to be created."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

__all__ = ["UNKNOWN", "Unknown", "contains_unknown"]


class Unknown(Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "unknown until the deployment runs"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands where a value will be; may occur at any depth of the inputs."""


def contains_unknown(value: Any) -> bool:
    """Whether a value is unknown, or holds one that is, at any depth."""
    if isinstance(value, Mapping):
        return any(map(contains_unknown, value.values()))
    return (
        any(map(contains_unknown, value)) if isinstance(value, (list, tuple)) else value is UNKNOWN
    )
