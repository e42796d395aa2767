"""How the engine reads the path of a property, written down from its source.

Source: ``parsePropertyPath`` in ``sdk/go/common/resource/properties_path.go`` of Pulumi 3.255.0,
as ``ParsePropertyPathStrict`` calls it.
"""

from __future__ import annotations

__all__ = ["parse_property_path"]


def parse_property_path(path: str) -> tuple[str | int, ...]:
    """Return the keys and positions that a path names.

    Raises:
        ValueError: The engine does not read it, and fails the whole preview.
    """
    if path.startswith("."):
        raise ValueError("expected property path to start with a name or index")
    elements: list[str | int] = []
    while path:
        if path[0] == ".":
            path = path[1:]
            if not path or path[0] == "[":
                raise ValueError("expected property name after '.'")
        elif path[0] == "[":
            element, path = _index(path)
            elements.append(element)
        else:
            end = min((found for mark in ".[" if (found := path.find(mark)) >= 0), default=None)
            elements.append(path[:end])
            path = path[end:] if end is not None else ""
    return tuple(elements)


def _index(path: str) -> tuple[str | int, str]:
    """Return what stands between brackets at the beginning of a path, and the rest of it."""
    if path[1:2] != '"':
        segment, bracket, rest = path[1:].partition("]")
        if not bracket:
            raise ValueError("missing closing bracket in array index")
        return ("*" if segment == "*" else int(segment)), rest
    key, at = "", 2
    while path[at : at + 1] != '"':
        if at >= len(path):
            raise ValueError("missing closing quote in property name")
        if path[at : at + 2] == '\\"':
            key, at = f'{key}"', at + 2
        else:
            key, at = key + path[at], at + 1
    if path[at + 1 : at + 2] != "]":
        raise ValueError("missing closing bracket in property access")
    return key, path[at + 2 :]
