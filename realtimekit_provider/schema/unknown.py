"""Values that a preview cannot know yet, because a resource is still to be created."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from realtimekit_provider.constants import NOT_DEPLOYED

__all__ = ["UNKNOWN", "Unknown", "assume_deployed", "contains_unknown", "is_not_deployed"]


class Unknown(Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "unknown until the deployment runs"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands where a value will be; may occur at any depth of the inputs."""


def assume_deployed(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs with UNKNOWN for each whose resource is not deployed."""
    return {key: UNKNOWN if is_not_deployed(value) else value for key, value in inputs.items()}


def is_not_deployed(value: Any) -> bool:
    """Whether a value stands for one whose resource is not deployed."""
    return isinstance(value, str) and value.startswith(NOT_DEPLOYED)


def contains_unknown(value: Any) -> bool:
    """Whether a value is unknown, or holds one that is, at any depth."""
    if isinstance(value, Mapping):
        return any(map(contains_unknown, value.values()))
    return (
        any(map(contains_unknown, value)) if isinstance(value, (list, tuple)) else value is UNKNOWN
    )
