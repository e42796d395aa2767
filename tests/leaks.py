"""Looks for a credential in a text, in every form that a library may write it in."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

__all__ = ["find_leak"]


def find_leak(text: str, word: str) -> str | None:
    """Return the text around a word, or ``None``.

    It is found in clear, in base64, in hexadecimal, and split by line breaks. A word of letters,
    digits and hyphens is the same in JSON, in a ``repr`` and in a URL.
    """
    found = re.search("|".join(map(_allow_line_breaks, _list_encodings(word))), text)
    return text[max(0, found.start() - 200) : found.end() + 80] if found else None


def _list_encodings(word: str) -> Iterator[str]:
    yield word
    yield word.encode().hex()
    for before in range(3):
        # The first and the last character depend on what is around it.
        encoded = base64.b64encode(b"x" * before + word.encode()).decode().rstrip("=")
        yield encoded[before and before + 1 : -1]


def _allow_line_breaks(text: str) -> str:
    return r"(?:\s|\\[nr])*".join(map(re.escape, text))
