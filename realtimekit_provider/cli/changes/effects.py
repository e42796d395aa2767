"""What a change comes to, as phrases whose foreign parts are marked: a writer decides how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from realtimekit_provider.cli.changes.inputs import get_value, list_declared_differences
from realtimekit_provider.cli.changes.stack_preview import Change
from realtimekit_provider.redaction import HIDDEN, redact, to_one_line
from realtimekit_provider.schema.input_paths import format_path

__all__ = [
    "COLUMNS",
    "Column",
    "Effect",
    "Phrase",
    "Quoted",
    "format_plain",
    "list_differences",
    "phrase_causes",
    "quote",
]

Column = Literal["start", "pause", "resume", "stop", "replace", "storage", "keys", "other"]
"""What an effect is counted as."""

COLUMNS: Sequence[Column] = (
    "start",
    "pause",
    "resume",
    "stop",
    "replace",
    "storage",
    "keys",
    "other",
)

_LONGEST_QUOTE = 200
_NAMED_CAUSES = 3


@dataclass(frozen=True)
class Quoted:
    """A text that is not this package's: a name, an id, a value."""

    text: str


Phrase = tuple["str | Quoted", ...]
"""A sentence without its full stop."""


@dataclass(frozen=True)
class Effect:
    """What a change comes to.

    Attributes:
        column: What it is counted as.
        name: The name of the recording, the storage or the resource.
        phrase: What happens.
        is_loss: Whether a live recording ends, or files are deleted.
        later_deletions: Sentences of which files are deleted from now on, by age or at a destroy.
        notes: What its row says beside, in the words of whoever says it.
    """

    column: Column
    name: str
    phrase: Phrase
    is_loss: bool = False
    later_deletions: tuple[Phrase, ...] = ()
    notes: tuple[str, ...] = ()


def quote(value: object) -> Quoted:
    """Return a foreign value as a part of a phrase, on one line, credentials removed."""
    text = to_one_line(redact(value if isinstance(value, str) else _format_value(value)))
    return Quoted(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…")


def format_plain(phrase: Iterable[str | Quoted]) -> str:
    """Return a phrase as text."""
    return "".join(part.text if isinstance(part, Quoted) else part for part in phrase)


def list_differences(
    change: Change, is_chosen: Callable[[tuple[str | int, ...]], bool] = lambda _path: True
) -> list[tuple[str, Any, Any]]:
    """Return the path, the old and the new value of each input that differs.

    Args:
        change: The change.
        is_chosen: Whether an input counts; all do by default.
    """
    before, after = change.before or {}, change.after or {}
    paths = list_declared_differences(before, after, frozenset(change.reasons))
    return [
        (format_path(one), get_value(before, one), get_value(after, one))
        for one in paths
        if is_chosen(one)
    ]


def phrase_causes(differences: Sequence[tuple[str, Any, Any]]) -> Phrase:
    """Return which inputs change, and how: the first three, and how many more."""
    parts: list[str | Quoted] = []
    for path, old, new in differences[:_NAMED_CAUSES]:
        parts += [", " if parts else "", quote(path), *_phrase_change(old, new)]
    more = len(differences) - _NAMED_CAUSES
    if more > 0:
        parts.append(f", and {more} more {'inputs' if more > 1 else 'input'}")
    return tuple(parts)


def _phrase_change(old: Any, new: Any) -> Phrase:
    if HIDDEN in (old, new):
        return (" has a new secret value",)
    if isinstance(old, Mapping | list) or isinstance(new, Mapping | list):
        return (" changes",)
    if old is None:
        return (" is set to ", quote(new))
    if new is None:
        return (" is no longer ", quote(old))
    return (" changes from ", quote(old), " to ", quote(new))


def _format_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
