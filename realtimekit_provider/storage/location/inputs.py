"""A location's inputs: their defaults, what is wrong with them, and what a change of them needs.

State keeps the inputs and two more keys, which are no inputs. ``released`` is true where a refresh
finds that the location is released although the state owns it: the next deployment takes it out,
and claims the location. ``created_by_stack`` is false where the location can carry no mark, and
was there before this stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from typing_extensions import Self

from realtimekit_provider.deployment.storage_registry import LocationKey
from realtimekit_provider.schema.input_diff import InputDiff, diff_inputs
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.normal_forms import normalize_field
from realtimekit_provider.schema.values import list_defaults, omit_keys, reveal_secrets
from realtimekit_provider.storage.backends.base_models import LocationModel
from realtimekit_provider.storage.backends.registry import STORAGE_TYPES, get_location_model

__all__ = [
    "LocationInputs",
    "add_ownership",
    "apply_location_defaults",
    "build_location_key",
    "diff_location",
    "get_naming_field",
    "is_owned",
    "location_to_inputs",
    "validate_location",
]


_NOT_IN_MODEL = frozenset({"mark", "resource_urn"})
_CREATED = "created_by_stack"
_NO_INPUTS = frozenset({"released", _CREATED})


class LocationInputs(NamedTuple):
    """A location as it is declared, or as state keeps it.

    Attributes:
        location: What the location is to be.
        mark: The resource's mark; empty in the state of an older version.
    """

    location: LocationModel
    mark: str

    @classmethod
    def from_props(cls, inputs: Mapping[str, Any]) -> Self:
        """Return the location that valid inputs, or a location's state, describe."""
        model = get_location_model(inputs["type"])
        location = model.model_validate(omit_keys(inputs, _NOT_IN_MODEL | _NO_INPUTS))
        return cls(location, inputs.get("mark") or "")


def apply_location_defaults(
    given: Mapping[str, Any], previous: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Return the inputs with every default written out, so that a refresh can show its drift.

    An input that is ``None`` counts as left out. The mark is that of the last deployment: an
    alias renames the resource, and its location stays its own. The keys are the fields of the
    type's model, ``mark`` and ``resource_urn``.
    """
    model = _find_model(given.get("type"))
    defaults = list_defaults(model) if model is not None else {}
    named = {key: value for key, value in given.items() if value is not None}
    if mark := previous.get("mark"):
        named["mark"] = mark
    return {**defaults, **named}


def validate_location(inputs: Mapping[str, object]) -> Iterator[InputFailure]:
    """Yield everything that is wrong with a location's inputs, ignoring what is unknown."""
    model = _find_model(inputs.get("type"))
    if model is None:
        yield InputFailure("type", f"must be one of {', '.join(sorted(STORAGE_TYPES))}")
    else:
        yield from validate_model(model, omit_keys(inputs, _NOT_IN_MODEL))


def location_to_inputs(location: LocationModel) -> dict[str, Any]:
    """Return a location as inputs, its credentials in clear; fields that are ``None`` are left out.

    The keys are the fields of the location's model.
    """
    values = reveal_secrets(location.model_dump(exclude_none=True, warnings=False))
    return dict(values)


def is_owned(state: Mapping[str, object]) -> bool:
    """Whether a location's state says that it is this stack's, and not only used by it."""
    return state.get("existing") is not True and state.get(_CREATED) is not False


def add_ownership(inputs: Mapping[str, Any], *, owned: bool) -> dict[str, Any]:
    """Return the inputs of a location with ``created_by_stack: false`` where it is not owned.

    One that is declared as existing has no such key: its ``existing`` says it.
    """
    is_plain = owned or inputs.get("existing") is True
    return {**inputs} if is_plain else {**inputs, _CREATED: False}


def diff_location(before: Mapping[str, object], after: Mapping[str, object]) -> InputDiff:
    """Return what changes: another type, or another address, is another location.

    A mark is a change only where the state of an older version has none.
    """
    models = filter(None, (_find_model(one.get("type")) for one in (before, after)))
    replace_on = frozenset({"type"}).union(*(model.replace_on for model in models))
    ignored = {"resource_urn", _CREATED, *(["mark"] if before.get("mark") else [])}
    return diff_inputs(before, after, replace_on=replace_on, ignored=ignored)


def build_location_key(inputs: Mapping[str, object]) -> LocationKey | None:
    """Return what tells the location from all others, ``None`` while that is unknown.

    A folder's key begins with the keys of the folders above it.
    """
    model = _find_model(inputs.get("type"))
    values = {name: inputs.get(name) for name in model.identity_fields} if model else {}
    if not values or not all(isinstance(value, str | int) for value in values.values()):
        return None
    forms = {name: normalize_field(name, value, inputs) for name, value in values.items()}
    path, user = forms.pop("path", ""), forms.pop("username", None)
    if not isinstance(path, str):
        return None
    folders = _split_path(path, str(user)) if "path" in values else ()
    return (str(inputs["type"]), *map(str, forms.values()), *folders)


def get_naming_field(storage_type: object) -> str:
    """Return the input that names a location of a type to its user, such as ``bucket``."""
    model = _find_model(storage_type)
    return model.identity_fields[-1] if model is not None else "type"


def _find_model(storage_type: object) -> type[LocationModel] | None:
    name = str(storage_type)
    return get_location_model(name) if name in STORAGE_TYPES else None


def _split_path(path: str, user: str) -> tuple[str, ...]:
    """A path that does not begin at the root begins in the home of its user."""
    root = "/" if path.startswith("/") else f"~{user}"
    return (root, *(part for part in path.split("/") if part not in {"", "."}))
