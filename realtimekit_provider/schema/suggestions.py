"""The fields that there are at a path of a model: what a misspelt one can have meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from realtimekit_provider.schema.closest_match import closest_match

__all__ = ["describe_unknown_field", "list_fields"]


def list_fields(kind: Any, path: Sequence[str | int]) -> list[str]:
    """Return the names of the fields at ``path``, none where it leads to no model.

    Args:
        kind: A model, or a type that is made of models.
        path: Keys, positions, and the tags of unions, as in the location of a pydantic error.
    """
    for part in path:
        kind = _inside(kind, part)
    return sorted(kind.model_fields) if _is_model(kind) else []


def describe_unknown_field(name: object, fields: Collection[str]) -> str:
    """Say that ``name`` is none of ``fields``, and which one it may have meant."""
    said = "is not a field that exists here"
    meant = closest_match(str(name), fields)
    if meant is not None:
        return f"{said}: did you mean {meant}?"
    return f"{said} (there: {', '.join(fields)})" if fields else said


def _inside(kind: Any, part: str | int) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if _is_model(kind):
        field = kind.model_fields.get(part)
        return field.annotation if field is not None else None
    if origin is Annotated:
        return _inside(arguments[0], part)
    if origin in (Union, UnionType):
        tagged = [member for member in arguments if _is_tagged(member, part)]
        found = tagged or [_inside(member, part) for member in arguments]
        return next((one for one in found if one is not None), None)
    if origin in (dict, Mapping):
        return arguments[1]
    return arguments[0] if origin in (list, tuple) else None


def _is_tagged(kind: Any, tag: str | int) -> bool:
    fields = kind.model_fields.values() if _is_model(kind) else ()
    return any(get_args(field.annotation) == (tag,) for field in fields)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
