"""Loads the config of the selected stack, and reports all its mistakes at once, by their paths."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG, get_config_env

from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.engine.settings import SETTINGS, read_settings
from realtimekit_provider.program.config_keys import find_misspelled_keys
from realtimekit_provider.program.references import (
    NAMESPACE,
    StackConfig,
    resolve_references,
    validate_references,
)
from realtimekit_provider.program.storage import (
    STORAGE_KEY,
    resolve_named_storage,
    validate_named_storage,
    validate_storage,
)
from realtimekit_provider.recordings.inputs import apply_defaults, validate_inputs
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.json_parsing import parse_json
from realtimekit_provider.schema.suggestions import describe_unknown_field

__all__ = ["Stack", "load", "selected_stack_config", "validate_stack"]

_RECORDINGS_KEY = f"{NAMESPACE}:recordings"
_NOT_FOR_USERS = frozenset({"resource_urn", "mark"})
_REPORTED_BY_CHECK = frozenset({"account_id", "app_id"})


@dataclass(frozen=True)
class Stack:
    """What a stack declares: recordings and storage, each by name, credentials as references."""

    recordings: Mapping[str, Any] = field(default_factory=dict)
    storage: Mapping[str, Any] = field(default_factory=dict)


class _SelectedStack:
    def get(self, key: str) -> str | None:
        namespace, _, name = key.partition(":")
        return pulumi.Config(namespace).get(name)

    def keys(self) -> Collection[str]:
        return {**get_config_env(), **CONFIG.get()}.keys()

    def is_secret(self, key: str) -> bool:
        return is_config_secret(key)


def selected_stack_config() -> StackConfig:
    """Return the config of the stack that the running program was started for."""
    return _SelectedStack()


def load(config: StackConfig | None = None) -> Stack:
    """Return what a stack's config declares, validated as a whole.

    Credentials are still references; :func:`~realtimekit_provider.program.declare.declare`
    resolves them.

    Raises:
        pulumi.RunError: Something in the config is wrong; the text lists every mistake.
    """
    source = selected_stack_config() if config is None else config
    failures: list[InputFailure] = []
    stack = Stack(
        recordings=_load_mapping(_RECORDINGS_KEY, source, failures),
        storage=_load_mapping(STORAGE_KEY, source, failures),
    )
    failures += validate_stack(stack, source)
    if failures:
        lines = "\n".join(f"  {failure}" for failure in failures)
        number = "one mistake" if len(failures) == 1 else f"{len(failures)} mistakes"
        raise pulumi.RunError(f"the stack's config has {number}:\n{lines}")
    return stack


def validate_stack(stack: Stack, config: StackConfig) -> Iterator[InputFailure]:
    """Yield everything that is wrong with what a stack declares, and with its other settings."""
    settings = read_settings(config)
    yield from settings.failures
    yield from find_misspelled_keys(config, (*SETTINGS, "recordings", "storage"))
    yield from validate_storage(stack.storage, config)
    for name, given in stack.recordings.items():
        where = (_RECORDINGS_KEY, name)
        if isinstance(given, Mapping):
            yield from _validate_recording(given, where, stack, config, settings.defaults)
        else:
            yield InputFailure(format_path(where), "must be a mapping of a recording's settings")


def _validate_recording(
    given: Mapping[str, Any],
    where: tuple[str, ...],
    stack: Stack,
    config: StackConfig,
    defaults: RecordingDefaults,
) -> Iterator[InputFailure]:
    known = [*validate_references(given, config, where), *_validate_outputs(given, where, stack)]
    yield from known
    for key in sorted(_NOT_FOR_USERS & given.keys()):
        yield InputFailure(format_path((*where, key)), describe_unknown_field(key, ()))
    inputs = apply_defaults(
        resolve_named_storage(resolve_references(given, config), None), {}, defaults
    )
    ignored = {failure.path for failure in known} | {
        format_path((*where, key)) for key in _REPORTED_BY_CHECK - given.keys()
    }
    for failure in validate_inputs(inputs, defaults.track_api):
        path = f"{format_path(where)}.{failure.path}"
        if path not in ignored:
            yield InputFailure(path, failure.reason)


def _validate_outputs(
    given: Mapping[str, Any], where: tuple[str, ...], stack: Stack
) -> Iterator[InputFailure]:
    layers = given.get("layers")
    for name, layer in layers.items() if isinstance(layers, Mapping) else ():
        outputs = layer.get("outputs") if isinstance(layer, Mapping) else None
        path = (*where, "layers", name, "outputs")
        yield from validate_named_storage(outputs, stack.storage, path)


def _load_mapping(key: str, config: StackConfig, failures: list[InputFailure]) -> dict[str, Any]:
    if config.is_secret(key):
        reason = (
            "contains an encrypted value, which makes all of it secret and hides it from "
            "reviewers: store each credential under a key of its own, and refer to it by "
            "{fromConfig: NAME}"
        )
        failures.append(InputFailure(key, reason))
        return {}
    text = config.get(key)
    try:
        content = parse_json(text) if text else {}
    except ValueError:
        content = None
    if not isinstance(content, dict):
        failures.append(InputFailure(key, "must be a mapping of names to settings"))
        return {}
    return content
