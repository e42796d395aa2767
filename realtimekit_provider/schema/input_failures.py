"""What is wrong with inputs, said with the path of the input and what would be right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from realtimekit_provider.constants import NOT_DEPLOYED, SECRET_KEYS
from realtimekit_provider.schema.input_paths import format_path, list_fields, list_tags, remove_tags
from realtimekit_provider.schema.suggestions import closest_match, describe_unknown_field
from realtimekit_provider.schema.unknown import UNKNOWN, is_not_deployed
from realtimekit_provider.schema.values import ALLOWS_UNKNOWN, INCOMPLETE_PAIR, type_adapter

__all__ = ["REQUIRED", "InputFailure", "find_missing_target", "validate_model"]

REQUIRED = "is required"
"""The reason for an input that is missing."""

_TYPE_ERRORS = {
    "string_type": "text",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
}
_RULES = {
    "value_error": "{error}",
    "literal_error": "must be {expected}",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must have at least {min_length} entry",
    "too_long": "must have at most {max_length} entries",
}
"""What is said of a value by the type of pydantic's error, with the values of its context."""
_TAG_ERRORS = {"union_tag_invalid", "union_tag_not_found"}
_UNKNOWN_IS_WRONG = {"extra_forbidden", INCOMPLETE_PAIR}
"""The types of error that no value of the field could avoid."""


@dataclass(frozen=True)
class InputFailure:
    """What is wrong with an input.

    Attributes:
        path: Where it stands, such as ``layers.default.outputs[0].type``; empty for the whole.
        reason: Completes the sentence that begins with the path, and says what would be right.
        is_unknown_field: Whether there is no such field, so that nothing else about it counts.
        meant_path: Where the field stands that one which does not exist may have meant.
    """

    path: str
    reason: str
    is_unknown_field: bool = field(default=False, compare=False)
    meant_path: str = field(default="", compare=False)

    def below(self, root: str) -> InputFailure:
        """Return the same failure where ``root`` is the path of the whole."""
        return replace(self, path=f"{root}.{self.path}" if self.path else root)

    def __str__(self) -> str:
        """Return the sentence for a user; what is wrong with the whole has no path."""
        return f"{self.path}: {self.reason}" if self.path else self.reason


def validate_model(
    kind: Any,
    inputs: Mapping[str, Any],
    not_offered: Collection[str] = (),
    read_elsewhere: Collection[str] = (),
) -> Iterator[InputFailure]:
    """Yield what is wrong with ``inputs``; a field under another name is one mistake, not two.

    Args:
        kind: The model, or the union of models, that they are to be.
        inputs: The values by name; one that is not known yet is not checked.
        not_offered: Fields that exist, but are not for users: no message suggests them.
        read_elsewhere: Fields that stand beside those of ``kind``, and are taken out before:
            messages suggest them too.
    """
    is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
    validate = kind.model_validate if is_model else type_adapter(kind).validate_python
    try:
        validate(inputs, context={"now": datetime.now(timezone.utc), ALLOWS_UNKNOWN: True})
    except ValidationError as error:
        failures = [
            _to_failure(details, kind, not_offered, read_elsewhere)
            for details in error.errors(include_url=False)
            if not _is_about_unknown(details)
        ]
        meant = {failure.meant_path for failure in failures if failure.meant_path}
        yield from (one for one in failures if one.reason != REQUIRED or one.path not in meant)


def find_missing_target(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield the first input whose resource is no target, although this deployment needs it.

    That one failed is no mistake of those that need it: the engine says so, and leaves them out.
    """
    for key, value in sorted(inputs.items()):
        if is_not_deployed(value) and value != NOT_DEPLOYED:
            name = value.removeprefix(NOT_DEPLOYED)
            target = re.sub("-(location|writer)$", "", name)
            yield InputFailure(
                key,
                f"comes from '{name}', which is not deployed: target it too, with --target "
                f"'**::{target}**'",
            )
            return


def _is_about_unknown(details: ErrorDetails) -> bool:
    value = details["input"]
    if value is UNKNOWN:
        return details["type"] not in _UNKNOWN_IS_WRONG
    is_tag_error = details["type"] in _TAG_ERRORS and isinstance(value, Mapping)
    return is_tag_error and value.get(_get_tag_field(details)) in (UNKNOWN, NOT_DEPLOYED)


def _to_failure(
    details: ErrorDetails,
    kind: Any,
    not_offered: Collection[str],
    read_elsewhere: Collection[str],
) -> InputFailure:
    location = tuple(part for part in details["loc"] if part != "[key]")
    path = remove_tags(kind, location)
    error = details["type"]
    if error in _TAG_ERRORS:
        field_name = _get_tag_field(details)
        tag = details["input"].get(field_name) if isinstance(details["input"], Mapping) else None
        if isinstance(tag, str) and tag.startswith(NOT_DEPLOYED):
            reason = _describe_missing_target(tag.removeprefix(NOT_DEPLOYED))
            return InputFailure(format_path(path), reason)
        path = (*path, field_name)
        return InputFailure(format_path(path), _list_choices(details, kind, location))
    if error == "missing":
        return InputFailure(format_path(path), REQUIRED)
    if error == "extra_forbidden":
        *where, name = location
        fields = {*list_fields(kind, where), *(() if where else read_elsewhere)}
        known = sorted(fields.difference(not_offered))
        reason = describe_unknown_field(name, known)
        meant = closest_match(str(name), known)
        meant_path = format_path((*path[:-1], meant)) if meant else ""
        return InputFailure(format_path(path), reason, is_unknown_field=True, meant_path=meant_path)
    if error in _TYPE_ERRORS:
        reason = _describe_wrong_type(_TYPE_ERRORS[error], details["input"], path)
        return InputFailure(format_path(path), reason)
    rule = _RULES.get(error)
    reason = rule.format(**details["ctx"]) if rule else details["msg"]
    return InputFailure(format_path(path), reason)


def _describe_wrong_type(expected: str, value: Any, path: tuple[str | int, ...]) -> str:
    name = path[-1] if path else ""
    is_secret = name in SECRET_KEYS or name == "key"
    if expected == "text" and isinstance(value, int | float):
        kind = "true or false" if isinstance(value, bool) else "a number"
        if not is_secret and not isinstance(value, bool):
            # JSON has integers that no float can hold, and Pulumi carries integers as floats.
            is_whole = isinstance(value, float) and value.is_integer()
            kind = f"the number {value:.0f}" if is_whole else f"the number {value}"
        return f"is {kind}: quote it, or set it with 'pulumi config set --type string'"
    if expected == "a mapping" and isinstance(value, str) and _is_written_as_mapping(value):
        return "is a text that reads like a mapping: write it without quotes, as {} or {KEY: VALUE}"
    if expected == "a mapping" and value is None and isinstance(name, str):
        return f"must be a mapping: write '{format_path((name,))}: {{}}' where nothing is to be set"
    return f"must be {expected}"


def _is_written_as_mapping(text: str) -> bool:
    return text.strip().startswith("{") and text.strip().endswith("}")


def _describe_missing_target(name: str) -> str:
    return (
        f"is the storage '{name}', which is not deployed: target it too, with "
        f"--target '**::{name}**'"
    )


def _get_tag_field(details: ErrorDetails) -> str:
    """Return the name of the field by which pydantic chooses a member of a union."""
    return str(details["ctx"]["discriminator"]).strip("'")


def _list_choices(details: ErrorDetails, kind: Any, location: tuple[str | int, ...]) -> str:
    *others, last = map(repr, list_tags(kind, location, _get_tag_field(details)))
    return f"must be one of {', '.join(others)} or {last}"
