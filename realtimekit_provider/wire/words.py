"""Words of a user's text that have a meaning; loaded also where no model is."""

from __future__ import annotations

import re

__all__ = ["MARK_WORD", "sets_off_the_mark"]

MARK_WORD = "{mark}"
"""The word in a user's file name prefix that stands for the resource's mark."""


def sets_off_the_mark(prefix: str) -> bool:
    """Whether nothing but ``_`` touches the word: else the mark could not be told in a name."""
    return re.search(rf"[^_]{MARK_WORD}|{MARK_WORD}[^_]", prefix) is None
