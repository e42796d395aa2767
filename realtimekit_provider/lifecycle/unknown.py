"""Values that a preview cannot know yet, because a resource is still to be created."""

from __future__ import annotations

from enum import Enum
from typing import Final

__all__ = ["UNKNOWN", "Unknown"]


class Unknown(Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "unknown until the deployment runs"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands where a value will be; may occur at any depth of the inputs."""
