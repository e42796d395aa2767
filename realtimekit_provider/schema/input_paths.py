"""Paths of inputs: as a user writes them, and what a model has there.

A path is the location of a pydantic error: keys, positions, and the tags of unions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

__all__ = ["format_path", "list_fields", "list_tags", "remove_tags"]

_Location = Sequence[str | int]


def format_path(path: tuple[str | int, ...]) -> str:
    """Write a path as a user would, ``layers.default.outputs[0].type``, on one line."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def list_fields(kind: Any, path: _Location) -> list[str]:
    """Return the names of the fields at ``path``, none where it leads to no model.

    Args:
        kind: A model, or a type that is made of models.
        path: Where to look.
    """
    inner = _follow(kind, path)
    return sorted(inner.model_fields) if _is_model(inner) else []


def list_tags(kind: Any, path: _Location, field: str) -> list[str]:
    """Return what ``field`` may be in the models of the union at ``path``, in the union's order."""
    return [
        tag
        for model in _list_members(_follow(kind, path))
        if _is_model(model) and field in model.model_fields
        for tag in get_args(model.model_fields[field].annotation)
    ]


def remove_tags(kind: Any, path: _Location) -> tuple[str | int, ...]:
    """Return ``path`` as a user would write it: without the tags of unions."""
    kept = []
    for part in path:
        if _find_tagged(kind, part) is None:
            kept.append(part)
        kind = _step(kind, part)
    return tuple(kept)


def _follow(kind: Any, path: _Location) -> Any:
    for part in path:
        kind = _step(kind, part)
    return kind


def _step(kind: Any, part: str | int) -> Any:
    """Return the type of what is inside ``kind`` at one key, position or tag."""
    tagged = _find_tagged(kind, part)
    if tagged is not None:
        return tagged
    steps = (_step_into(member, part) for member in _list_members(kind))
    return next((inner for inner in steps if inner is not None), None)


def _step_into(kind: Any, part: str | int) -> Any:
    if _is_model(kind):
        field = kind.model_fields.get(part)
        return field.annotation if field is not None else None
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (dict, Mapping):
        return arguments[1]
    return arguments[0] if origin in (list, tuple) else None


def _find_tagged(kind: Any, tag: str | int) -> Any:
    """Return the model that ``tag`` chooses, ``None`` where no union has such a tag."""
    models = [member for member in _list_members(kind) if _is_model(member)]
    return next((model for model in models if _has_tag(model, tag)), None) if models[1:] else None


def _list_members(kind: Any) -> list[Any]:
    """Return the types of a union, also of one within another; any other type alone."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _list_members(arguments[0])
    if origin in (Union, UnionType):
        return [member for argument in arguments for member in _list_members(argument)]
    return [kind]


def _has_tag(model: type[BaseModel], tag: str | int) -> bool:
    return any(
        get_origin(field.annotation) is Literal and tag in get_args(field.annotation)
        for field in model.model_fields.values()
    )


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
