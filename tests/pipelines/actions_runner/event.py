"""What happened in the repository, as a workflow is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Event"]


@dataclass(frozen=True)
class Event:
    """An event.

    Attributes:
        name: Such as ``pull_request``.
        commit: The commit that a checkout without ``ref`` gets.
        ref: What it is called.
        payload: What ``github.event`` holds.
    """

    name: str
    commit: str
    ref: str = "refs/heads/main"
    payload: Mapping[str, Any] = field(default_factory=dict)
