"""Storage in a stack's config: declared by name, and named by the layers that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from realtimekit_provider.api.models.track_request import Output
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.deployment.storage_registry import StorageRegistry
from realtimekit_provider.program.aliases import (
    ALIASES,
    build_alias_options,
    drop_aliases,
    validate_aliases,
)
from realtimekit_provider.program.references import (
    NAMESPACE,
    StackConfig,
    drop_unknown_fields,
    resolve_references,
    validate_references,
)
from realtimekit_provider.program.stack import Declared, Stack
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.suggestions import describe_unknown_field
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.schema.urn import build_urn
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    get_component_class,
    get_declaration_model,
    get_location_model,
)
from realtimekit_provider.storage.components.base import RecordingStorage
from realtimekit_provider.storage.location.duplicates import find_duplicate_locations
from realtimekit_provider.storage.location.inputs import apply_location_defaults

__all__ = [
    "STORAGE_KEY",
    "add_apps_of_recordings",
    "declare_storage",
    "resolve_named_storage",
    "validate_named_storage",
    "validate_storage",
]

STORAGE_KEY = f"{NAMESPACE}:storage"
_OUTPUT_FIELDS = tuple(sorted(("storage", *Output.model_fields)))
_FIELDS_THAT_FOLLOW = frozenset({"type", "storage_config"})


def validate_storage(stack: Stack, config: StackConfig) -> Iterator[InputFailure]:
    """Yield everything that is wrong with the storage of a stack."""
    yield from validate_aliases(stack.storage, STORAGE_KEY)
    registry = StorageRegistry()
    for name, given in stack.storage.items():
        where = format_path((STORAGE_KEY, name))
        storage_type = given.get("type") if isinstance(given, Mapping) else None
        if not isinstance(storage_type, str) or storage_type not in STORAGE_TYPES:
            yield InputFailure(
                f"{where}.type", f"must be one of {', '.join(sorted(STORAGE_TYPES))}"
            )
            continue
        model = get_declaration_model(storage_type)
        fixed = _list_fixed_fields(model)
        resolved = resolve_references(drop_aliases(given), config)
        found = [
            failure.below(where) for failure in validate_model(model, resolved, fixed, (ALIASES,))
        ]
        references = validate_references(given, config, (STORAGE_KEY, name))
        known = [
            *drop_unknown_fields(references, found),
            *(InputFailure(f"{where}.{key}", "cannot be set") for key in fixed if key in given),
        ]
        yield from known
        reported = {failure.path for failure in known}
        yield from (failure for failure in found if failure.path not in reported)
        reported |= {failure.path for failure in found}
        duplicates = (one.below(where) for one in _find_duplicates(name, resolved, registry))
        yield from (failure for failure in duplicates if failure.path not in reported)


def _find_duplicates(
    name: str, given: Mapping[str, Any], registry: StorageRegistry
) -> Iterator[InputFailure]:
    model = get_location_model(given["type"])
    fields = {key: value for key, value in given.items() if key in model.model_fields}
    urn = build_urn("", "", "StorageLocation", name)
    inputs = {**apply_location_defaults(fields), "resource_urn": urn}
    return islice(find_duplicate_locations(inputs, registry), 1)


def _list_fixed_fields(model: type[BaseModel]) -> list[str]:
    """Return the fields that nobody sets: they have one value each, or follow from others."""
    return sorted(
        name
        for name, field in model.model_fields.items()
        if name == "without_administrator"
        or (
            name != "type"
            and get_origin(field.annotation) is Literal
            and len(get_args(field.annotation)) == 1
        )
    )


def validate_named_storage(
    outputs: Any, storage: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[InputFailure]:
    """Yield what is wrong with how a layer's outputs name storage of the stack."""
    for index, output in enumerate(outputs if isinstance(outputs, list) else ()):
        if not isinstance(output, Mapping):
            continue
        for key in sorted(output.keys() - set(_OUTPUT_FIELDS)):
            reason = describe_unknown_field(key, _OUTPUT_FIELDS)
            yield InputFailure(format_path((*path, index, key)), reason)
        if "storage" not in output:
            continue
        name = output["storage"]
        where = format_path((*path, index, "storage"))
        if not (isinstance(name, str) and name in storage):
            known = ", ".join(sorted(storage)) or "none"
            yield InputFailure(
                where, f"is not the name of a storage in {STORAGE_KEY} (there: {known})"
            )
        if output.keys() & _FIELDS_THAT_FOLLOW:
            yield InputFailure(
                where,
                "cannot be combined with type or storage_config: both follow from the storage",
            )


def resolve_named_storage(
    arguments: Mapping[str, Any], components: Mapping[str, RecordingStorage] | None
) -> dict[str, Any]:
    """Return a recording's arguments with each ``{storage: NAME}`` as the output it stands for.

    Without ``components``, as for validation, the storage's config is not known yet.
    """
    layers = arguments.get("layers")
    if not isinstance(layers, Mapping):
        return dict(arguments)
    return {
        **arguments,
        "layers": {name: _resolve_layer(layer, components) for name, layer in layers.items()},
    }


def add_apps_of_recordings(
    storage: Mapping[str, Mapping[str, Any]],
    recordings: Mapping[str, Any],
    defaults: RecordingDefaults,
) -> dict[str, Mapping[str, Any]]:
    """Return storage that names no apps with those whose recordings name it.

    Where they all are of the stack's own app, it is left to the check to name that.
    """
    own: dict[str, Any] = {"account_id": defaults.account_id, "app_id": defaults.app_id}
    return {
        name: {**given, "apps": apps}
        if given.get("apps") is None
        and (apps := _list_apps_writing_to(name, recordings, own)) != [own]
        else given
        for name, given in storage.items()
    }


def _list_apps_writing_to(
    name: str, recordings: Mapping[str, Any], own: dict[str, Any]
) -> list[dict[str, Any]]:
    found = [own]
    for given in recordings.values():
        app = {key: given.get(key) or value for key, value in own.items()}
        if app not in found and name in _list_storage_names(given):
            found.append(app)
    return [app for app in found if all(app.values())] or [own]


def _list_storage_names(recording: Mapping[str, Any]) -> set[str]:
    return {
        output["storage"]
        for layer in recording["layers"].values()
        for output in layer.get("outputs") or ()
        if "storage" in output
    }


def declare_storage(
    stack: Stack, config: StackConfig, _declared: Declared
) -> dict[str, RecordingStorage]:
    """Declare the component of each storage of a stack, by its name."""
    storage = add_apps_of_recordings(stack.storage, stack.recordings, stack.settings.defaults)
    return {
        name: _declare_component(name, resolve_references(given, config))
        for name, given in storage.items()
    }


def _declare_component(name: str, given: Mapping[str, Any]) -> RecordingStorage:
    arguments = {key: value for key, value in drop_aliases(given).items() if key != "type"}
    component: RecordingStorage = get_component_class(given["type"])(
        name, **arguments, opts=build_alias_options(given)
    )
    return component


def _resolve_layer(layer: Any, components: Mapping[str, RecordingStorage] | None) -> Any:
    if not isinstance(layer, Mapping) or not isinstance(layer.get("outputs"), list):
        return layer
    return {
        **layer,
        "outputs": [_resolve_output(output, components) for output in layer["outputs"]],
    }


def _resolve_output(output: Any, components: Mapping[str, RecordingStorage] | None) -> Any:
    if not isinstance(output, Mapping) or "storage" not in output:
        return output
    config = UNKNOWN if components is None else components[output["storage"]].storage_config
    others = {key: value for key, value in output.items() if key != "storage"}
    return {**others, "type": "STORAGE_CONFIG", "storage_config": config}
