"""What is wrong with inputs, said with the path of the input and what would be right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from realtimekit_provider.schema.suggestions import describe_unknown_field, list_fields
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.schema.values import type_adapter

__all__ = ["REQUIRED", "InputFailure", "format_path", "validate_model"]

REQUIRED = "is required"
"""The reason for an input that is missing."""


@dataclass(frozen=True)
class InputFailure:
    """What is wrong with an input: where, and what would be right."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Say it as everybody reads it; what is wrong with the whole has no path."""
        return f"{self.path}: {self.reason}" if self.path else self.reason


def format_path(path: tuple[str | int, ...]) -> str:
    """Write a path as a user would, ``layers.default.outputs[0].type``, on one line."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def validate_model(
    kind: Any, inputs: Mapping[str, Any], not_offered: Collection[str] = ()
) -> Iterator[InputFailure]:
    """Yield what a model, or a union of models, has against ``inputs``.

    Args:
        kind: The model, or the union.
        inputs: What is to be one; what is not known yet is passed over.
        not_offered: Fields that exist, and that nobody is told of who misspells one.
    """
    is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
    validate = kind.model_validate if is_model else type_adapter(kind).validate_python
    try:
        validate(inputs)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            if not _is_about_something_unknown(details):
                yield _problem(details, kind, not_offered)


def _is_about_something_unknown(details: ErrorDetails) -> bool:
    value = details["input"]
    if value is UNKNOWN:
        return True
    chosen_by_type = details["type"] in {"union_tag_invalid", "union_tag_not_found"}
    return chosen_by_type and isinstance(value, Mapping) and value.get("type") is UNKNOWN


def _problem(
    details: ErrorDetails, kind_of_inputs: Any, not_offered: Collection[str]
) -> InputFailure:
    path = tuple(part for part in details["loc"] if part != "[key]")
    path = _without_union_tags(path)
    kind = details["type"]
    if kind == "extra_forbidden":
        *where, name = details["loc"]
        known = [one for one in list_fields(kind_of_inputs, where) if one not in not_offered]
        return InputFailure(format_path(path), describe_unknown_field(name, known))
    if kind == "missing":
        return InputFailure(format_path(path), REQUIRED)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return InputFailure(
            format_path((*path, "type")),
            "must be one of 'aws', 'azure', 'digitalocean', 'gcs' or 'sftp'",
        )
    text = details["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    text = text.replace("valid tuple", "list")
    return InputFailure(format_path(path), text)


_UNION_TAGS = frozenset({"aws", "azure", "digitalocean", "gcs", "sftp"})


def _without_union_tags(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return tuple(
        part
        for position, part in enumerate(path)
        if part not in _UNION_TAGS or (position > 0 and path[position - 1] != "storage_config")
    )
