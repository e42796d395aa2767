"""The resource's id where no recording was started."""

from __future__ import annotations

__all__ = ["is_placeholder", "make_placeholder_id"]

_PREFIX = "nothing-started-"


def make_placeholder_id(mark: str) -> str:
    """Return the id of a resource without a recording: ``nothing-started-`` and its mark."""
    return f"{_PREFIX}{mark}"


def is_placeholder(recording_id: str) -> bool:
    """Whether the id stands for a recording that was never started."""
    return recording_id.startswith(_PREFIX)
