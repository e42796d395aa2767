"""Where the word ``{mark}`` may stand in a file name prefix; loaded also where no model is."""

from __future__ import annotations

import re

from realtimekit_provider.constants import MARK_WORD

__all__ = ["is_mark_delimited"]


def is_mark_delimited(prefix: str) -> bool:
    """Whether nothing but ``_`` touches the word: else the mark could not be told in a name."""
    return re.search(rf"[^_]{MARK_WORD}|{MARK_WORD}[^_]", prefix) is None
