"""Dataclass fields that know their own help text and check their own values."""

from __future__ import annotations

from dataclasses import MISSING, Field, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class InvalidOptionError(ValueError):
    """An option that does not exist, or a value that it cannot have."""


def number(default: float, text: str, *, negative: bool = False) -> Any:
    """Make an option of a number."""
    return field(default=default, metadata={"help": text, "type": float, "negative": negative})


def maybe_number(text: str) -> Any:
    """Make an option of a number or nothing, nothing being the default."""
    return field(default=None, metadata={"help": text, "type": float, "none": True})


def whole(default: int, text: str) -> Any:
    """Make an option of a whole number."""
    return field(default=default, metadata={"help": text, "type": int})


def switch(text: str, *, default: bool) -> Any:
    """Make an option that is on or off."""
    return field(default=default, metadata={"help": text, "type": bool})


def words(default: str, text: str) -> Any:
    """Make an option of any text."""
    return field(default=default, metadata={"help": text, "type": str})


def names(text: str) -> Any:
    """Make an option of a list of texts, empty by default."""
    return field(default=(), metadata={"help": text, "type": tuple})


def choice(options: Sequence[str], text: str) -> Any:
    """Make an option of a few words, the first being the default."""
    return field(default=options[0], metadata={"help": text, "type": str, "options": options})


def check(owner: str, known: Sequence[Field[Any]], values: Mapping[str, object]) -> None:
    """Refuse values for options that do not exist or that do not fit."""
    facts = {one.name: one.metadata for one in known if one.metadata}
    for name, value in values.items():
        if name not in facts:
            message = f"{owner} has no {name!r}; it has: {', '.join(facts) or 'nothing to set'}"
            raise InvalidOptionError(message)
        _check(name, value, facts[name])


def default_of(one: Field[Any]) -> object:
    """Return the default of an option."""
    return None if one.default is MISSING else one.default


def _check(name: str, value: object, facts: Mapping[str, Any]) -> None:
    if value is None and facts.get("none"):
        return
    kind = facts["type"]
    fits: tuple[type, ...] = {float: (int, float), tuple: (list, tuple)}.get(kind, (kind,))
    if not isinstance(value, fits) or (isinstance(value, bool) and kind is not bool):
        message = f"{name} must be a {kind.__name__}, not {type(value).__name__}"
        raise InvalidOptionError(message)
    options = facts.get("options")
    if options and value not in options:
        message = f"{name} must be one of {', '.join(options)}, not {value!r}"
        raise InvalidOptionError(message)
    if isinstance(value, (int, float)) and value < 0 and not facts.get("negative"):
        message = f"{name} must not be negative"
        raise InvalidOptionError(message)
