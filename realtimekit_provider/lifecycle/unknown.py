"""Values that a preview cannot know yet, because a resource is still to be created."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

__all__ = ["UNKNOWN", "Unknown", "has_unknown"]


class Unknown(Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "unknown until the deployment runs"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands where a value will be; may occur at any depth of the inputs."""


def has_unknown(value: Any) -> bool:
    """Whether any part of ``value`` is unknown."""
    if isinstance(value, Mapping):
        return any(has_unknown(inner) for inner in value.values())
    if isinstance(value, list):
        return any(has_unknown(inner) for inner in value)
    return value is UNKNOWN
