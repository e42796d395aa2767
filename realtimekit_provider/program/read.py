"""What a stack's config says, read and validated as a whole, wherever the config comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from realtimekit_provider.engine.secret_inputs import ENCRYPTED_SETTING, PLAINTEXT_REASON
from realtimekit_provider.engine.settings import SETTINGS, read_settings
from realtimekit_provider.program.config_keys import find_misspelled_keys
from realtimekit_provider.program.recordings import LAYERS_KEY, validate_layers
from realtimekit_provider.program.references import StackConfig
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.program.written_values import ValueIndex
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.unknown import UNKNOWN

__all__ = ["CONFIG_NAMES", "has_section", "read_stack", "validate_stack"]

CONFIG_NAMES = (*SETTINGS, "layers", *(section.name for section in SECTIONS))
"""The names of everything that a stack's config can set, below ``realtimekit:``."""

_ENCRYPTED = (
    "which makes all of it secret and hides it from reviewers: store a credential under a key of "
    "its own, and refer to it by {fromConfig: NAME}; nothing else has to be encrypted"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [-+]\d{4} ")


def has_section(config: StackConfig) -> bool:
    """Whether the config declares something, or says that it declares nothing."""
    return not {section.key for section in SECTIONS}.isdisjoint(config.keys())


def read_stack(config: StackConfig) -> tuple[Stack, list[InputFailure]]:
    """Return what a config declares, and everything that is wrong with it."""
    failures: list[InputFailure] = []
    sections = {
        section.name: _read_mapping(section.key, config, failures) or {} for section in SECTIONS
    }
    layers = _read_mapping(LAYERS_KEY, config, failures)
    stack = Stack(sections, layers, read_settings(config))
    reported = {failure.path for failure in failures}
    others = [one for one in validate_stack(stack, config) if one.path not in reported]
    found = [*failures, *others]
    return stack, list(map(ValueIndex(config).add_value, found)) if found else []


def validate_stack(stack: Stack, config: StackConfig) -> Iterator[InputFailure]:
    """Yield everything that is wrong with what a stack declares, and with its other settings."""
    yield from stack.settings.failures
    yield from _validate_token(config)
    yield from find_misspelled_keys(config, CONFIG_NAMES)
    yield from validate_layers(stack, config)
    for section in SECTIONS:
        yield from section.validate(stack, config)


def _validate_token(config: StackConfig) -> Iterator[InputFailure]:
    token = config.get(ENCRYPTED_SETTING)
    if token and token is not UNKNOWN and not config.is_secret(ENCRYPTED_SETTING):
        yield InputFailure(ENCRYPTED_SETTING, PLAINTEXT_REASON)


def _read_mapping(
    key: str, config: StackConfig, failures: list[InputFailure]
) -> dict[str, Any] | None:
    is_secret = config.is_secret(key)
    try:
        content = config.get_structure(key) if config.get(key) else {}
    except ValueError:
        content = ""
    encrypted = list(_list_unknown_paths(content, (key,))) if is_secret else []
    if is_secret and encrypted in ([], [key]):
        failures.append(InputFailure(key, f"contains an encrypted value, {_ENCRYPTED}"))
        return None
    reason = f"is encrypted inside {key}, {_ENCRYPTED}"
    failures += [InputFailure(path, reason) for path in encrypted]
    content = {} if content is UNKNOWN else content
    if not isinstance(content, dict):
        failures.append(InputFailure(key, "must be a mapping of names to settings"))
        return None
    if "" in content:
        failures.append(InputFailure(key, "has an entry without a name"))
    named = {name: value for name, value in content.items() if name}
    return {name: _take_out_times(value, (key, name), failures) for name, value in named.items()}


def _list_unknown_paths(value: Any, path: tuple[str | int, ...]) -> Iterator[str]:
    if value is UNKNOWN:
        yield format_path(path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _list_unknown_paths(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _list_unknown_paths(inner, (*path, index))


def _take_out_times(value: Any, path: tuple[str | int, ...], failures: list[InputFailure]) -> Any:
    """Return a value without the dates in it, of which the Pulumi CLI makes texts with a time."""
    if isinstance(value, dict):
        return {
            name: _take_out_times(inner, (*path, name), failures) for name, inner in value.items()
        }
    if isinstance(value, list):
        return [
            _take_out_times(inner, (*path, index), failures) for index, inner in enumerate(value)
        ]
    if isinstance(value, str) and _TIME.match(value):
        failures.append(InputFailure(format_path(path), f"is the date {value[:10]}: quote it"))
        return UNKNOWN
    return value
