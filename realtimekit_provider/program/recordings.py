"""Recordings in a stack's config: validated by their paths, and declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from realtimekit_provider.deployment.meeting_registry import (
    MeetingKey,
    MeetingRegistry,
    find_duplicate_recordings,
)
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
from realtimekit_provider.program.storage import resolve_named_storage, validate_named_storage
from realtimekit_provider.recordings.inputs import (
    apply_defaults,
    get_meeting,
    validate_inputs,
    wants_recording,
)
from realtimekit_provider.recordings.resource import TrackRecording
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.suggestions import describe_unknown_field
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.schema.urn import build_urn

__all__ = [
    "LAYERS_KEY",
    "RECORDINGS_KEY",
    "declare_recordings",
    "list_wanted_meetings",
    "validate_layers",
    "validate_recordings",
]

LAYERS_KEY = f"{NAMESPACE}:layers"
RECORDINGS_KEY = f"{NAMESPACE}:recordings"
_NOT_FOR_USERS = frozenset({"resource_urn", "mark"})
_IDS_OF_STACK = frozenset({"account_id", "app_id"})


def validate_layers(stack: Stack, config: StackConfig) -> Iterator[InputFailure]:
    """Yield everything that is wrong with the layers that the recordings of a stack share."""
    layers = stack.layers or {}
    recording = {"meeting_id": UNKNOWN, "layers": layers}
    found = [
        replace(failure, path=f"{NAMESPACE}:{failure.path}")
        for failure in _validate_inputs(recording, stack, config)
        if failure.path.startswith("layers.")
    ]
    references = validate_references(layers, config, (LAYERS_KEY,))
    named = _validate_outputs(layers, (LAYERS_KEY,), stack)
    yield from _merge_failures(found, references, named)


def validate_recordings(stack: Stack, config: StackConfig) -> Iterator[InputFailure]:
    """Yield everything that is wrong with the recordings of a stack."""
    yield from validate_aliases(stack.recordings, RECORDINGS_KEY)
    # What is wrong with shared layers is told once, at their own key.
    shared = {} if stack.layers == {} else {"layers": UNKNOWN}
    duplicates = _find_duplicates(stack)
    for name, given in stack.sections.get("recordings", {}).items():
        where = (RECORDINGS_KEY, name)
        if isinstance(given, Mapping):
            own = {key: value for key, value in given.items() if value is not None}
            recording = drop_aliases({**shared, **own})
            found = list(_validate_recording(recording, where, stack, config))
            yield from found
            reported = {failure.path for failure in found}
            yield from (one for one in duplicates.get(name, ()) if one.path not in reported)
        else:
            yield InputFailure(format_path(where), "must be a mapping of a recording's settings")


def list_wanted_meetings(stack: Stack) -> dict[str, MeetingKey]:
    """Return the meeting of each recording that is to record, by the recording's name.

    A meeting that is not known here is left out. Account and app are empty where they are the
    stack's own, and not known here.
    """
    defaults = stack.settings.defaults
    account, app = (
        one if isinstance(one, str) else "" for one in (defaults.account_id, defaults.app_id)
    )
    known = replace(defaults, account_id=account, app_id=app)
    completed = {
        name: apply_defaults(given, {}, known)
        for name, given in stack.sections.get("recordings", {}).items()
        if isinstance(given, Mapping)
    }
    return {
        name: meeting
        for name, inputs in completed.items()
        if wants_recording(inputs) and (meeting := get_meeting(inputs)) is not None
    }


def declare_recordings(
    stack: Stack, config: StackConfig, declared: Declared
) -> dict[str, TrackRecording]:
    """Declare a :class:`TrackRecording` for each recording, by its name."""
    return {
        name: _declare_recording(name, given, config, declared)
        for name, given in stack.recordings.items()
    }


def _declare_recording(
    name: str, given: Mapping[str, Any], config: StackConfig, declared: Declared
) -> TrackRecording:
    arguments = resolve_references(drop_aliases(given), config)
    resolved = resolve_named_storage(arguments, declared["storage"])
    return TrackRecording(name, **resolved, opts=build_alias_options(given))


def _find_duplicates(stack: Stack) -> dict[str, list[InputFailure]]:
    """Return, by name, what is wrong with a recording of a meeting that one before it records."""
    registry = MeetingRegistry()
    found = {}
    for name, meeting in list_wanted_meetings(stack).items():
        urn = build_urn("", "", "TrackRecording", name)
        failures = find_duplicate_recordings(meeting, urn, registry, wants_one=True)
        where = format_path((RECORDINGS_KEY, name))
        found[name] = [failure.below(where) for failure in islice(failures, 1)]
    return found


def _validate_recording(
    given: Mapping[str, Any], where: tuple[str, ...], stack: Stack, config: StackConfig
) -> Iterator[InputFailure]:
    for key in sorted(_NOT_FOR_USERS & given.keys()):
        yield InputFailure(format_path((*where, key)), describe_unknown_field(key, ()))
    root = format_path(where)
    found = [failure.below(root) for failure in _validate_inputs(given, stack, config)]
    reported_by_check = {format_path((*where, key)) for key in _IDS_OF_STACK - given.keys()}
    yield from _merge_failures(
        [failure for failure in found if failure.path not in reported_by_check],
        validate_references(given, config, where),
        _validate_outputs(given.get("layers"), (*where, "layers"), stack),
    )


def _validate_inputs(
    given: Mapping[str, Any], stack: Stack, config: StackConfig
) -> list[InputFailure]:
    defaults = stack.settings.defaults
    resolved = resolve_named_storage(resolve_references(given, config), None)
    inputs = apply_defaults(resolved, {}, defaults)
    return validate_inputs(inputs, defaults.track_api, read_elsewhere=(ALIASES,))


def _merge_failures(
    found: list[InputFailure],
    references: Iterable[InputFailure],
    named_storage: Iterable[InputFailure],
) -> Iterator[InputFailure]:
    """Yield what only a stack's config can tell, then what else is wrong, each path once."""
    known = [*drop_unknown_fields(references, found), *named_storage]
    yield from known
    reported = {failure.path for failure in known}
    yield from (failure for failure in found if failure.path not in reported)


def _validate_outputs(
    layers: Any, path: tuple[str | int, ...], stack: Stack
) -> Iterator[InputFailure]:
    for name, layer in layers.items() if isinstance(layers, Mapping) else ():
        outputs = layer.get("outputs") if isinstance(layer, Mapping) else None
        yield from validate_named_storage(outputs, stack.storage, (*path, name, "outputs"))
