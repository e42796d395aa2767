"""The expressions of GitHub Actions, as far as the workflows use them.

Source: *Evaluate expressions in workflows and actions*.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["evaluate", "fill_in"]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<operator>==|!=|&&|\|\||[!().,\[\]]))"
)
_WORDS = {"true": True, "false": False, "null": None}


def fill_in(text: str, contexts: Mapping[str, Any]) -> Any:
    """Return a text with its ``${{ }}`` replaced; a value that is no text where it is all of it."""
    whole = re.fullmatch(r"\s*\$\{\{(.*?)\}\}\s*", text, re.DOTALL)
    if whole and "${{" not in whole[1]:
        return evaluate(whole[1], contexts)
    pattern = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
    return pattern.sub(lambda found: _to_text(evaluate(found[1], contexts)), text)


def evaluate(expression: str, contexts: Mapping[str, Any]) -> Any:
    """Return the value of an expression without its ``${{ }}``.

    Args:
        expression: The expression.
        contexts: The contexts by their names; functions such as ``success`` are callables in it.
    """
    parser = _Parser(expression.strip(), {**_FUNCTIONS, **contexts})
    value = parser.parse_or()
    assert parser.rest == "", f"{expression!r} has something left: {parser.rest!r}"
    return value


class _Parser:
    """Reads an expression from left to right, and evaluates what it reads."""

    def __init__(self, text: str, contexts: Mapping[str, Any]) -> None:
        self.rest = text
        self._contexts = contexts

    def parse_or(self) -> Any:
        value = self._parse_and()
        while self._skip("||"):
            other = self._parse_and()
            value = value or other
        return value

    def _parse_and(self) -> Any:
        value = self._parse_comparison()
        while self._skip("&&"):
            other = self._parse_comparison()
            value = other if value else value
        return value

    def _parse_comparison(self) -> Any:
        value = self._parse_not()
        for operator, expected in (("==", True), ("!=", False)):
            if self._skip(operator):
                return _is_equal(value, self._parse_not()) is expected
        return value

    def _parse_not(self) -> Any:
        return not self._parse_not() if self._skip("!") else self._parse_value()

    def _parse_value(self) -> Any:
        if self._skip("("):
            value = self.parse_or()
            assert self._skip(")")
            return value
        token = self._next()
        if token["text"] is not None:
            return token["text"][1:-1].replace("''", "'")
        if token["number"] is not None:
            return int(token["number"])
        name = token["name"]
        if name in _WORDS:
            return _WORDS[name]
        return self._parse_path(self._contexts.get(name))

    def _parse_path(self, value: Any) -> Any:
        while True:
            if self._skip("."):
                value = _get_member(value, self._next()["name"])
            elif self._skip("["):
                value = _get_member(value, self.parse_or())
                assert self._skip("]")
            elif self._skip("("):
                value = value(*self._parse_arguments())
            else:
                return value

    def _parse_arguments(self) -> list[Any]:
        arguments: list[Any] = []
        while not self._skip(")"):
            arguments.append(self.parse_or())
            self._skip(",")
        return arguments

    def _next(self) -> Mapping[str, Any]:
        found = _TOKEN.match(self.rest)
        assert found is not None, f"no expression: {self.rest!r}"
        self.rest = self.rest[found.end() :].lstrip()
        return found.groupdict()

    def _skip(self, operator: str) -> bool:
        if self.rest.startswith(operator) and not (operator == "!" and self.rest[1:2] == "="):
            self.rest = self.rest[len(operator) :].lstrip()
            return True
        return False


def _get_member(value: Any, name: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    is_inside = isinstance(value, list) and isinstance(name, int) and name < len(value)
    return value[name] if is_inside else None


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    if type(one) is type(other):
        return bool(one == other)
    return _to_number(one) == _to_number(other)


def _to_number(value: Any) -> float:
    if value is None or value == "":
        return 0
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _to_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)


def _format(text: str, *values: Any) -> str:
    return re.sub(r"\{(\d+)\}", lambda found: _to_text(values[int(found[1])]), text)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "format": _format,
    "fromJSON": json.loads,
    "toJSON": lambda value: json.dumps(value, indent=2),
}
