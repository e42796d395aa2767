"""Values that a preview cannot know yet, because a resource is still to be created."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

from realtimekit_provider.constants import NOT_DEPLOYED

__all__ = [
    "UNKNOWN",
    "Unknown",
    "assume_deployed",
    "contains_failed",
    "contains_unknown",
    "is_not_deployed",
]


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
    return _contains(value, lambda one: one is UNKNOWN)


def contains_failed(value: Any) -> bool:
    """Whether a value, or one that it holds at any depth, stands for what a failed resource makes.

    That is in a deployment which goes on after errors, and never in a preview.
    """
    return _contains(value, lambda one: one == NOT_DEPLOYED)


def _contains(value: Any, is_meant: Callable[[Any], bool]) -> bool:
    if isinstance(value, Mapping):
        return any(_contains(one, is_meant) for one in value.values())
    if isinstance(value, (list, tuple)):
        return any(_contains(one, is_meant) for one in value)
    return is_meant(value)
