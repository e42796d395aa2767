"""YAML as the Pulumi CLI reads it, with the line of everything that is in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import yaml

from realtimekit_provider.schema.input_paths import format_path

__all__ = ["YamlFile", "YamlMistakeError", "parse_yaml"]

_MOST_VALUES = 200_000
_DEEPEST = 64
_INTEGER = re.compile(r"[-+]?(?:0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?: ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?"
    r"|[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2}))?"
)
_NO_JSON = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LARGEST_INTEGER = 2**64 - 1
_MERGE = "<<"
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class YamlMistakeError(Exception):
    """A text is not the YAML of a mapping.

    Attributes:
        reason: What is wrong, without anything that stands in the text but a key.
        line: Where, from 1.
    """

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class YamlFile:
    """The content of a YAML file.

    Attributes:
        content: The mapping that the file is.
        lines: The line of each value, from 1, by its path, such as ``config.a:b.c[0]``.
        second_document: The line where another document begins, ``None`` where none does.
    """

    content: Mapping[str, Any]
    lines: Mapping[str, int]
    second_document: int | None = None

    def find_line(self, path: str) -> int | None:
        """Return the line of what is at ``path``, or of what would hold it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = re.sub(r"(\.[^.\[]*|\[[^\[]*)$", "", path) if re.search(r"[.\[]", path) else ""
        return None


def parse_yaml(text: str) -> YamlFile:
    """Return what a YAML text says, each plain value as the Pulumi CLI takes it.

    ``yes`` and ``1:30`` are texts there, ``0777`` and ``1e5`` are numbers, ``2026-11-26`` is a
    text with a time and a zone; ``<<`` merges mappings. Of several documents it reads the first.

    Raises:
        YamlMistakeError: It is no YAML, no mapping, names a key twice, or is too large.
    """
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        _check_depth(events)
        second_document = _find_next_document(events)
        loader = yaml.CSafeLoader(text)
        root = loader.get_node() if loader.check_node() else None
    except yaml.MarkedYAMLError as error:
        reason = "is not valid YAML here: a quote, a bracket, a colon or the indentation is wrong"
        raise YamlMistakeError(
            reason, _get_line(error.problem_mark or error.context_mark)
        ) from None
    except yaml.YAMLError:
        raise YamlMistakeError("holds a character that YAML does not allow", 1) from None
    lines: dict[str, int] = {}
    reader = _Reader(lines)
    content = None if root is None else reader.read(root, ())
    content = {} if content is None else content
    if not isinstance(content, dict):
        raise YamlMistakeError("must be a mapping", 1)
    return YamlFile(content, lines, second_document)


def _get_line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _check_depth(events: Iterator[yaml.Event]) -> None:
    """Read a document; raise where it is so deep that PyYAML's recursion ends the process."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentEndEvent):
            return
        if depth > _DEEPEST:
            raise YamlMistakeError("is nested too deeply", _get_line(event.start_mark))


def _find_next_document(events: Iterator[yaml.Event]) -> int | None:
    """Return the line where a document with something in it begins, be it valid or not."""
    line = 1
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                line = _get_line(event.start_mark)
            elif isinstance(event, yaml.NodeEvent) and getattr(event, "value", None) != "":
                return line
    except yaml.MarkedYAMLError as error:
        return _get_line(error.problem_mark)
    return None


class _Reader:
    def __init__(self, lines: dict[str, int]) -> None:
        self._lines = lines
        self._values = 0

    def read(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        line = node.start_mark.line + 1
        # An alias repeats what it names, so a short text can be as large as one likes.
        self._values += 1
        if self._values > _MOST_VALUES or len(path) > _DEEPEST:
            raise YamlMistakeError("is too large, or nested too deeply", line)
        self._lines.setdefault(format_path(path), line)
        if isinstance(node, yaml.MappingNode):
            return dict(self._read_entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(inner, (*path, index)) for index, inner in enumerate(node.value)]
        return _parse_scalar(node)

    def _read_entries(
        self, node: yaml.MappingNode, path: tuple[str | int, ...]
    ) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlMistakeError("has a key that is no text", line)
            key = str(key_node.value)
            if key == _MERGE and not key_node.style:
                merged.append(value_node)
                continue
            if key in seen:
                reason = f"names the key {key[:100]!r} twice: only one of the two would count"
                raise YamlMistakeError(reason, line)
            seen.add(key)
            self._lines[format_path((*path, key))] = line
            yield key, self.read(value_node, (*path, key))
        for node_to_merge in merged:
            for key, value in self._read_merged(node_to_merge, path):
                if key not in seen:
                    seen.add(key)
                    yield key, value

    def _read_merged(
        self, node: yaml.Node, path: tuple[str | int, ...]
    ) -> Iterator[tuple[str, Any]]:
        """Yield the entries of mappings that another one takes in, the first of equal keys first.

        Their lines are where they stand, unless the other mapping has such a key.
        """
        mappings = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for mapping in mappings:
            if not isinstance(mapping, yaml.MappingNode):
                line = mapping.start_mark.line + 1
                raise YamlMistakeError("merges what is no mapping", line)
            known = dict(self._lines)
            entries = list(self._read_entries(mapping, path))
            self._lines.update(known)
            yield from entries


def _parse_scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _parse_number(text, _parse_integer)
    if _NO_JSON.fullmatch(text):
        line = node.start_mark.line + 1
        raise YamlMistakeError("is a number that Pulumi's config cannot hold: quote it", line)
    if (time := _parse_time(text)) is not None:
        return time
    return _parse_number(text, float) if _FLOAT.fullmatch(text) else text


def _parse_number(text: str, parse: Callable[[str], float]) -> float | str:
    """Return the number, or the text where it has no digits or is too large to be one."""
    try:
        number = parse(text.replace("_", ""))
        fits = isinstance(number, int) and abs(number) <= _LARGEST_INTEGER
        return number if fits or math.isfinite(number := float(number)) else text
    except (ValueError, OverflowError):
        return text


def _parse_integer(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").lower()
    if digits.startswith(("0x", "0b", "0o")):
        return sign * int(digits, 0)
    is_octal = digits.startswith("0") and digits.strip("01234567") == ""
    return sign * int(digits, 8 if is_octal else 10)


def _parse_time(text: str) -> str | None:
    """Return the text that the CLI makes of a date or a point in time, ``None`` for another one."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    *numbers, zone = found.groups()
    try:
        year, month, day, hour, minute, second = (*map(int, filter(None, numbers)), 0, 0, 0)[:6]
        time = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
    except ValueError:
        return None
    offset = (zone or "Z").replace(":", "")
    return f"{time:%Y-%m-%d %H:%M:%S} {'+0000 UTC' if offset == 'Z' else f'{offset} {offset}'}"
