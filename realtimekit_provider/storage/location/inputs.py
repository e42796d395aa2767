"""What becomes of a location when its declaration changes, or somebody changed it elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.deployment.storage_registry import LocationKey
from realtimekit_provider.schema.input_diff import InputDiff, diff_inputs
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.values import reveal_secrets
from realtimekit_provider.storage.backends.base_models import LocationModel
from realtimekit_provider.storage.backends.registry import STORAGE_TYPES, location_model

__all__ = [
    "apply_location_defaults",
    "diff_location",
    "location_key",
    "location_to_inputs",
    "parse_location",
    "validate_location",
]


def apply_location_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs with every default written out, so that a refresh can show its drift."""
    model = _find_model(given)
    fields = model.model_fields if model is not None else {}
    defaults = {name: field.default for name, field in fields.items() if not field.is_required()}
    named = {key: value for key, value in given.items() if value is not None}
    return {key: value for key, value in {**defaults, **named}.items() if value is not None}


def validate_location(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield everything that is wrong with a location's inputs, passing over what is unknown."""
    model = _find_model(inputs)
    if model is None:
        yield InputFailure("kind", f"must be one of {', '.join(sorted(STORAGE_TYPES))}")
    else:
        yield from validate_model(model, inputs)


def parse_location(inputs: Mapping[str, Any]) -> LocationModel:
    """Return the location that valid inputs describe."""
    return location_model(inputs["kind"]).model_validate(dict(inputs))


def diff_location(before: Mapping[str, Any], after: Mapping[str, Any]) -> InputDiff:
    """Return what changes: whatever says where it is makes another location of it."""
    models = filter(None, (_find_model(before), _find_model(after)))
    replace_on = {"kind"}.union(*(model.replace_on for model in models))
    return diff_inputs(before, after, replace_on=replace_on)


def location_to_inputs(location: LocationModel) -> dict[str, Any]:
    """Return a location as inputs, its credentials in clear."""
    values = reveal_secrets(location.model_dump(exclude_none=True, warnings=False))
    return dict(values)


def location_key(inputs: Mapping[str, Any]) -> LocationKey | None:
    """Return what tells the location from all others, ``None`` where that is not known."""
    kind, model = str(inputs.get("kind")), _find_model(inputs)
    told = {name: inputs.get(name) for name in (model.identity_fields if model else ())}
    if not told or not all(isinstance(value, str | int) for value in told.values()):
        return None
    path, user = str(told.pop("path", "")), told.pop("username", None)
    parts = [str(value).lower() for value in told.values()]
    return (kind, *parts, *(_folders(path, str(user)) if path else ()))


def _find_model(inputs: Mapping[str, Any]) -> type[LocationModel] | None:
    kind = str(inputs.get("kind"))
    return location_model(kind) if kind in STORAGE_TYPES else None


def _folders(path: str, user: str) -> tuple[str, ...]:
    """A path that does not begin at the root begins in the home of its user."""
    whole = posixpath.normpath(path)
    begin = "/" if whole.startswith("/") else f"~{user}"
    return (begin, *(part for part in whole.split("/") if part not in {"", "."}))
