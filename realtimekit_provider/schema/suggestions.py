"""What a misspelled name may have meant, and what is said of a field that does not exist."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

__all__ = ["closest_match", "describe_unknown_field"]

_SIMILARITY = 0.8


def closest_match(name: str, known: Collection[str]) -> str | None:
    """Return the one of ``known`` that is nearly ``name``, in any case; ``None`` without one."""
    by_lower_case = {one.lower(): one for one in known}
    matches = get_close_matches(name.lower(), by_lower_case, n=1, cutoff=_SIMILARITY)
    return by_lower_case[matches[0]] if matches else None


def describe_unknown_field(name: object, fields: Collection[str]) -> str:
    """Say that ``name`` is none of ``fields``, and which one it may have meant."""
    reason = "is not a field that exists here"
    match = closest_match(str(name), fields)
    if match is not None:
        return f"{reason}: did you mean {match}?"
    return f"{reason} (there: {', '.join(fields)})" if fields else reason
