"""Storage in a stack's config: declared by name, and named by the layers that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from realtimekit_provider.api.models.track_request import Output
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.program.references import (
    NAMESPACE,
    StackConfig,
    resolved,
    validate_references,
)
from realtimekit_provider.schema.input_failures import InputFailure, format_path, validate_model
from realtimekit_provider.schema.suggestions import describe_unknown_field
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    component_class,
    declaration_model,
)
from realtimekit_provider.storage.components.base import RecordingStorage

__all__ = [
    "STORAGE_KEY",
    "add_apps_of_recordings",
    "declare_storage",
    "resolve_named_storage",
    "storage_models",
    "validate_named_storage",
    "validate_storage",
]

STORAGE_KEY = f"{NAMESPACE}:storage"
_FIELDS_OF_AN_OUTPUT = tuple(sorted(("storage", *Output.model_fields)))
_ONE_VALUE_ONLY = frozenset({"kind", "public_access", "ownership", "uniform_access"})


def storage_models() -> Mapping[str, type[BaseModel]]:
    """Return what can be declared of each type of storage."""
    return {kind: declaration_model(kind) for kind in STORAGE_TYPES}


def validate_storage(storage: Mapping[str, Any], config: StackConfig) -> Iterator[InputFailure]:
    """Yield everything that is wrong with the storage of a stack."""
    for name, given in storage.items():
        where = format_path((STORAGE_KEY, name))
        kind = given.get("type") if isinstance(given, Mapping) else None
        if not isinstance(kind, str) or kind not in STORAGE_TYPES:
            yield InputFailure(
                f"{where}.type", f"must be one of {', '.join(sorted(STORAGE_TYPES))}"
            )
            continue
        reveal_secrets = list(validate_references(given, config, (STORAGE_KEY, name)))
        yield from reveal_secrets
        fixed = [f"{where}.{key}" for key in sorted(_ONE_VALUE_ONLY & given.keys())]
        yield from (InputFailure(path, "cannot be chosen") for path in fixed)
        reported = {*fixed, *(problem.path for problem in reveal_secrets)}
        for problem in validate_model(
            declaration_model(kind), resolved(given, config), _ONE_VALUE_ONLY
        ):
            path = f"{where}.{problem.path}" if problem.path else where
            if path not in reported:
                yield InputFailure(path, problem.reason)


def validate_named_storage(
    outputs: Any, storage: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[InputFailure]:
    """Yield what is wrong with how a layer's outputs name storage of the stack."""
    for index, output in enumerate(outputs if isinstance(outputs, list) else ()):
        if not isinstance(output, Mapping):
            continue
        for key in sorted(output.keys() - set(_FIELDS_OF_AN_OUTPUT)):
            reason = describe_unknown_field(key, _FIELDS_OF_AN_OUTPUT)
            yield InputFailure(format_path((*path, index, key)), reason)
        if "storage" not in output:
            continue
        name = output["storage"]
        where = format_path((*path, index, "storage"))
        if not (isinstance(name, str) and name in storage):
            known = ", ".join(sorted(storage)) or "none"
            yield InputFailure(where, f"names no storage of {STORAGE_KEY} (there: {known})")
        if output.keys() & Output.model_fields.keys():
            yield InputFailure(
                where, "stands alone: type and storage_config follow from the storage"
            )


def resolve_named_storage(
    arguments: Mapping[str, Any], made: Mapping[str, RecordingStorage] | None
) -> dict[str, Any]:
    """Return a recording's arguments with each ``{storage: NAME}`` as the output it stands for.

    Without ``made``, as for validation, the storage's config is not known yet.
    """
    layers = arguments.get("layers")
    if not isinstance(layers, Mapping):
        return dict(arguments)
    return {**arguments, "layers": {name: _layer(layer, made) for name, layer in layers.items()}}


def add_apps_of_recordings(
    storage: Mapping[str, Mapping[str, Any]],
    recordings: Mapping[str, Any],
    defaults: RecordingDefaults,
) -> dict[str, Mapping[str, Any]]:
    """Return storage that names no apps with those whose recordings name it.

    Where they all are of the stack's own app, it is left to the check to name that.
    """
    own = {"account_id": defaults.account_id, "app_id": defaults.app_id}
    return {
        name: {**given, "apps": apps}
        if given.get("apps") is None and (apps := _apps_writing_to(name, recordings, own)) != [own]
        else given
        for name, given in storage.items()
    }


def _apps_writing_to(
    name: str, recordings: Mapping[str, Any], own: dict[str, str | None]
) -> list[dict[str, str | None]]:
    found = [own]
    for given in recordings.values():
        app = {key: given.get(key) or value for key, value in own.items()}
        if app not in found and name in _named_by(given):
            found.append(app)
    return [app for app in found if all(app.values())] or [own]


def _named_by(recording: Mapping[str, Any]) -> set[str]:
    return {
        output["storage"]
        for layer in recording["layers"].values()
        for output in layer.get("outputs") or ()
        if "storage" in output
    }


def declare_storage(
    storage: Mapping[str, Mapping[str, Any]], config: StackConfig
) -> dict[str, RecordingStorage]:
    """Declare the component of each storage of a stack, by its name."""
    return {name: _component(name, resolved(given, config)) for name, given in storage.items()}


def _component(name: str, given: Mapping[str, Any]) -> RecordingStorage:
    arguments = {key: value for key, value in given.items() if key != "type"}
    if "bucket" in arguments and given["type"] == "azure":
        arguments["container"] = arguments.pop("bucket")
    component: RecordingStorage = component_class(given["type"])(name, **arguments)
    return component


def _layer(layer: Any, made: Mapping[str, RecordingStorage] | None) -> Any:
    if not isinstance(layer, Mapping) or not isinstance(layer.get("outputs"), list):
        return layer
    return {**layer, "outputs": [_output(output, made) for output in layer["outputs"]]}


def _output(output: Any, made: Mapping[str, RecordingStorage] | None) -> Any:
    if not isinstance(output, Mapping) or "storage" not in output:
        return output
    config = UNKNOWN if made is None else made[output["storage"]].storage_config
    return {"type": "STORAGE_CONFIG", "storage_config": config}
