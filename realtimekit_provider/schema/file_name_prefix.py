"""What a file name prefix may be; it loads no model, so that a program can load it too."""

from __future__ import annotations

import re

from realtimekit_provider.constants import MARK_WORD

__all__ = ["check_file_name_prefix", "is_file_name_prefix", "is_mark_delimited"]


def check_file_name_prefix(text: str) -> str:
    """Return the prefix, if the API takes it and a mark can be recognised in it.

    Raises:
        ValueError: It holds other characters than the API takes, or the word ``{mark}`` stands
            directly beside others.
    """
    if not re.fullmatch(r"[A-Za-z0-9_]+", text.replace(MARK_WORD, "_")):
        raise ValueError(
            f"must consist of letters, digits and '_' (and may contain the word {MARK_WORD})"
        )
    if not is_mark_delimited(text):
        raise ValueError(f"must have a '_' between the word {MARK_WORD} and what stands beside it")
    return text


def is_file_name_prefix(text: str) -> bool:
    """Whether the API takes the prefix, and a mark can be recognised in it."""
    try:
        check_file_name_prefix(text)
    except ValueError:
        return False
    return True


def is_mark_delimited(prefix: str) -> bool:
    """Whether only ``_`` stands beside ``{mark}``: else a mark could not be found in a name."""
    return re.search(rf"[^_]{MARK_WORD}|{MARK_WORD}[^_]", prefix) is None
