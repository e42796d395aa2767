"""Recordings in a stack's config: validated by their paths, and declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.engine.settings import Settings
from realtimekit_provider.program.references import (
    NAMESPACE,
    StackConfig,
    drop_unknown_fields,
    resolve_references,
    validate_references,
)
from realtimekit_provider.program.stack import Declared, Stack
from realtimekit_provider.program.storage import resolve_named_storage, validate_named_storage
from realtimekit_provider.recordings.inputs import apply_defaults, validate_inputs
from realtimekit_provider.recordings.resource import TrackRecording
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.suggestions import describe_unknown_field

__all__ = ["declare_recordings", "validate_recordings"]

_RECORDINGS_KEY = f"{NAMESPACE}:recordings"
_NOT_FOR_USERS = frozenset({"resource_urn", "mark"})
_REPORTED_BY_CHECK = frozenset({"account_id", "app_id"})


def validate_recordings(
    stack: Stack, config: StackConfig, settings: Settings
) -> Iterator[InputFailure]:
    """Yield everything that is wrong with the recordings of a stack."""
    for name, given in stack.recordings.items():
        where = (_RECORDINGS_KEY, name)
        if isinstance(given, Mapping):
            yield from _validate_recording(given, where, stack, config, settings.defaults)
        else:
            yield InputFailure(format_path(where), "must be a mapping of a recording's settings")


def declare_recordings(
    stack: Stack, config: StackConfig, declared: Declared
) -> dict[str, TrackRecording]:
    """Declare a :class:`TrackRecording` for each recording, by its name."""
    components = declared["storage"]
    return {
        name: TrackRecording(
            name, **resolve_named_storage(resolve_references(arguments, config), components)
        )
        for name, arguments in stack.recordings.items()
    }


def _validate_recording(
    given: Mapping[str, Any],
    where: tuple[str, ...],
    stack: Stack,
    config: StackConfig,
    defaults: RecordingDefaults,
) -> Iterator[InputFailure]:
    for key in sorted(_NOT_FOR_USERS & given.keys()):
        yield InputFailure(format_path((*where, key)), describe_unknown_field(key, ()))
    inputs = apply_defaults(
        resolve_named_storage(resolve_references(given, config), None), {}, defaults
    )
    root = format_path(where)
    found = [failure.below(root) for failure in validate_inputs(inputs, defaults.track_api)]
    known = [
        *drop_unknown_fields(validate_references(given, config, where), found),
        *_validate_outputs(given, where, stack),
    ]
    yield from known
    ignored = {failure.path for failure in known} | {
        format_path((*where, key)) for key in _REPORTED_BY_CHECK - given.keys()
    }
    yield from (failure for failure in found if failure.path not in ignored)


def _validate_outputs(
    given: Mapping[str, Any], where: tuple[str, ...], stack: Stack
) -> Iterator[InputFailure]:
    layers = given.get("layers")
    for name, layer in layers.items() if isinstance(layers, Mapping) else ():
        outputs = layer.get("outputs") if isinstance(layer, Mapping) else None
        path = (*where, "layers", name, "outputs")
        yield from validate_named_storage(outputs, stack.storage, path)
