"""A location's inputs: their defaults, what is wrong with them, and what a change of them needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.deployment.storage_registry import LocationKey
from realtimekit_provider.schema.input_diff import InputDiff, diff_inputs
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.normal_forms import normalize_field
from realtimekit_provider.schema.values import reveal_secrets
from realtimekit_provider.storage.backends.base_models import LocationModel
from realtimekit_provider.storage.backends.registry import STORAGE_TYPES, get_location_model

__all__ = [
    "apply_location_defaults",
    "diff_location",
    "location_key",
    "location_to_inputs",
    "naming_field",
    "parse_location",
    "validate_location",
]


def apply_location_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs with every default written out, so that a refresh can show its drift.

    An input that is ``None`` counts as left out. The keys are the fields of the type's model.
    """
    model = _find_model(given)
    fields = model.model_fields if model is not None else {}
    defaults = {name: field.default for name, field in fields.items() if not field.is_required()}
    named = {key: value for key, value in given.items() if value is not None}
    return {key: value for key, value in {**defaults, **named}.items() if value is not None}


def validate_location(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield everything that is wrong with a location's inputs, ignoring what is unknown."""
    model = _find_model(inputs)
    if model is None:
        yield InputFailure("type", f"must be one of {', '.join(sorted(STORAGE_TYPES))}")
    else:
        yield from validate_model(model, inputs)


def parse_location(inputs: Mapping[str, Any]) -> LocationModel:
    """Return the location that valid inputs describe."""
    return get_location_model(inputs["type"]).model_validate(dict(inputs))


def location_to_inputs(location: LocationModel) -> dict[str, Any]:
    """Return a location as inputs, its credentials in clear; fields that are ``None`` are left out.

    The keys are the fields of the location's model.
    """
    values = reveal_secrets(location.model_dump(exclude_none=True, warnings=False))
    return dict(values)


def diff_location(before: Mapping[str, Any], after: Mapping[str, Any]) -> InputDiff:
    """Return what changes: another type, or another address, is another location."""
    models = filter(None, map(_find_model, (before, after)))
    replace_on = frozenset({"type"}).union(*(model.replace_on for model in models))
    return diff_inputs(before, after, replace_on=replace_on)


def location_key(inputs: Mapping[str, Any]) -> LocationKey | None:
    """Return what tells the location from all others, ``None`` while that is unknown.

    A folder's key begins with the keys of the folders above it.
    """
    model = _find_model(inputs)
    values = {name: inputs.get(name) for name in model.identity_fields} if model else {}
    if not values or not all(isinstance(value, str | int) for value in values.values()):
        return None
    forms = {name: normalize_field(name, value, inputs) for name, value in values.items()}
    path, user = forms.pop("path", None), forms.pop("username", None)
    folders = _split_path(path, str(user)) if path is not None else ()
    return (str(inputs["type"]), *map(str, forms.values()), *folders)


def naming_field(inputs: Mapping[str, Any]) -> str:
    """Return the input that names the location to its user, such as ``bucket``."""
    model = _find_model(inputs)
    return model.identity_fields[-1] if model is not None else "type"


def _find_model(inputs: Mapping[str, Any]) -> type[LocationModel] | None:
    storage_type = str(inputs.get("type"))
    return get_location_model(storage_type) if storage_type in STORAGE_TYPES else None


def _split_path(path: str, user: str) -> tuple[str, ...]:
    """A path that does not begin at the root begins in the home of its user."""
    root = "/" if path.startswith("/") else f"~{user}"
    return (root, *(part for part in path.split("/") if part not in {"", "."}))
