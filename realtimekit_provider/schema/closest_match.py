"""What a misspelt name can have meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

__all__ = ["closest_match"]

_ALIKE = 0.8


def closest_match(name: str, known: Collection[str]) -> str | None:
    """Return the one of ``known`` that ``name`` is nearly, capitals apart; ``None`` without one."""
    by_sound = {one.lower(): one for one in known}
    alike = get_close_matches(name.lower(), by_sound, n=1, cutoff=_ALIKE)
    return by_sound[alike[0]] if alike else None
