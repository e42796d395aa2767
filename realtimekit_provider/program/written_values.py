"""The value that stands where a mistake is, shown unless it may be a credential."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.program.references import StackConfig
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path

__all__ = ["ValueIndex", "format_harmless_value"]

_CREDENTIALS = SECRET_KEYS | {"key", "apiToken", "baseUrl"}
_OPENINGS = {
    "must ": "is {value}, and must ",
    "is not the name of ": "is {value}, which is not the name of ",
}
"""How a reason begins that says a rule and not the value, and how it does with the value."""

# What a credential is made of is longer, and neither words nor small numbers.
_SHORT = r"[A-Za-z0-9_.,:/+ -]{1,6}"
_WORD = r"([A-Za-z]{1,12}|[0-9]{1,2})"
_HARMLESS = re.compile(rf"{_SHORT}|(?=.{{1,32}}$){_WORD}([ _.-]{_WORD})*")
_LARGEST_NUMBER = 1e12


class ValueIndex:
    """The plain values of a config by their paths.

    Args:
        config: The config. Of a value that is encrypted, or holds one that is, nothing is known.
    """

    def __init__(self, config: StackConfig) -> None:
        self._values = {
            path: value
            for key in config.keys()  # noqa: SIM118  # it is no mapping
            if not config.is_secret(key)
            for path, value in _list_values(_read_value(config, key), (key,))
        }

    def add_value(self, failure: InputFailure) -> InputFailure:
        """Return a failure that says, before the rule, which value is there."""
        value = self._values.get(failure.path)
        opening = next((one for one in _OPENINGS if failure.reason.startswith(one)), None)
        if value is None or opening is None:
            return failure
        rule = failure.reason.removeprefix(opening)
        return replace(failure, reason=_OPENINGS[opening].format(value=value) + rule)


def format_harmless_value(value: Any) -> str | None:
    """Return a value as YAML writes it, ``None`` where it may be a credential or is no scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.15g}" if abs(value) < _LARGEST_NUMBER else None
    is_harmless = isinstance(value, str) and _HARMLESS.fullmatch(value) is not None
    return f"'{value}'" if is_harmless else None


def _read_value(config: StackConfig, key: str) -> Any:
    try:
        return config.get_structure(key)
    except ValueError:
        return config.get(key)


def _list_values(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _list_values(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _list_values(inner, (*path, index))
    elif not _may_hold_credential(path[-1]):
        shown = format_harmless_value(value)
        if shown is not None:
            yield format_path(path), shown


def _may_hold_credential(name: str | int) -> bool:
    return str(name).rpartition(":")[2] in _CREDENTIALS
