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

    def fit(self, items: Sequence[Sequence[str]], around: Sequence[str]) -> tuple[list[str], int]:
        """Return the lines of the first items that fit, and how many items do not.

        Args:
            items: The lines of each item, which is never cut.
            around: The lines beside them.
        """
        room = self.get_room(around)
        kept: list[str] = []
        for number, lines in enumerate(items):
            room -= self.measure("\n".join(lines)) + 1
            if room < 0:
                return kept, len(items) - number
            kept += lines
        return kept, 0


def _count_utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _count_bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


COMMENT_LIMIT = Limit(65_000, _count_utf16)
"""A comment of GitHub holds 65,536 characters."""

SUMMARY_LIMIT = Limit(1_000_000, _count_bytes)
"""A step's summary holds 1 MiB."""
