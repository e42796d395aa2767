"""Parts of sentences in Markdown: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from realtimekit_provider.cli.changes.effects import COLUMNS, Column, Phrase, Quoted
from realtimekit_provider.cli.report.escape import to_code_span

__all__ = ["LOSS_SIGN", "MOST_NAMES", "count_noun", "list_some", "phrase_counts", "render_phrase"]

LOSS_SIGN = "⚠️"
"""What stands before whatever ends a live recording or deletes files."""

MOST_NAMES = 12
"""How many names a sentence has."""

_COUNTED: Mapping[Column, tuple[str, str]] = {
    "start": ("{} recording starts", "{} recordings start"),
    "pause": ("{} pauses", "{} pause"),
    "resume": ("{} resumes", "{} resume"),
    "stop": ("{} stops", "{} stop"),
    "replace": ("{} is replaced", "{} are replaced"),
    "storage": ("{} storage change", "{} storage changes"),
    "keys": ("{} key change", "{} key changes"),
    "other": ("{} other change", "{} other changes"),
}
"""What is counted in each column, for one and for several."""


def render_phrase(phrase: Phrase) -> str:
    """Return a phrase whose foreign parts are code."""
    return "".join(to_code_span(part.text) if isinstance(part, Quoted) else part for part in phrase)


def phrase_counts(counts: Mapping[Column, int]) -> str:
    """Return how much of what happens."""
    words = [_COUNTED[one][counts[one] != 1].format(counts[one]) for one in COLUMNS if counts[one]]
    return ", ".join(words) or "no change"


def list_some(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    listed = ", ".join(map(to_code_span, names[:MOST_NAMES]))
    more = len(names) - MOST_NAMES
    return f"{listed} and {more} more" if more > 0 else listed


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
