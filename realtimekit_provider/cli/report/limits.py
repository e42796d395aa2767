"""How long a text may be that GitHub takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["COMMENT_LIMIT", "SUMMARY_LIMIT", "Limit"]


@dataclass(frozen=True)
class Limit:
    """How long a text may be.

    Attributes:
        size: The most that it may have.
        measure: Returns what a text has of that.
    """

    size: int
    measure: Callable[[str], int] = len

    def get_room(self, lines: Sequence[str]) -> int:
        """Return what is left beside these lines; less than nothing where they are too long."""
        return self.size - self.measure("\n".join(lines)) - 1


def _count_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _count_bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


COMMENT_LIMIT = Limit(65_000, _count_utf16)
"""A comment of GitHub holds 65,536 characters."""

SUMMARY_LIMIT = Limit(1_000_000, _count_bytes)
"""A step's summary holds 1 MiB."""
