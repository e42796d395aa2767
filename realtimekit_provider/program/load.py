"""Loads the config of the selected stack, and reports all its mistakes at once, by their paths."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG, get_config_env

from realtimekit_provider.engine.settings import SETTINGS, read_settings
from realtimekit_provider.program.config_keys import find_misspelled_keys
from realtimekit_provider.program.empty_config import describe_empty_config, find_stack_files
from realtimekit_provider.program.recordings import LAYERS_KEY, validate_layers
from realtimekit_provider.program.references import StackConfig
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.parsing.json_parsing import parse_json

__all__ = ["load", "selected_stack_config", "validate_stack"]


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
        pulumi.RunError: Something in the config is wrong; the text lists every mistake. Or the
            config declares nothing, which would delete everything that the stack has.
    """
    source = selected_stack_config() if config is None else config
    if {section.key for section in SECTIONS}.isdisjoint(source.keys()):
        raise pulumi.RunError(_describe_empty_config(source))
    failures: list[InputFailure] = []
    sections = {
        section.name: _load_mapping(section.key, source, failures) or {} for section in SECTIONS
    }
    layers = _load_mapping(LAYERS_KEY, source, failures)
    stack = Stack(sections, layers, read_settings(source))
    failures += validate_stack(stack, source)
    if failures:
        lines = "\n".join(f"  {failure}" for failure in failures)
        number = "one mistake" if len(failures) == 1 else f"{len(failures)} mistakes"
        raise pulumi.RunError(f"the stack's config has {number}:\n{lines}")
    return stack


def validate_stack(stack: Stack, config: StackConfig) -> Iterator[InputFailure]:
    """Yield everything that is wrong with what a stack declares, and with its other settings."""
    yield from stack.settings.failures
    known = (*SETTINGS, "layers", *(section.name for section in SECTIONS))
    yield from find_misspelled_keys(config, known)
    yield from validate_layers(stack, config)
    for section in SECTIONS:
        yield from section.validate(stack, config)


def _describe_empty_config(config: StackConfig) -> str:
    keys = [section.key for section in SECTIONS]
    return describe_empty_config(
        keys, config.keys(), find_stack_files(Path.cwd(), pulumi.get_stack())
    )


def _load_mapping(
    key: str, config: StackConfig, failures: list[InputFailure]
) -> dict[str, Any] | None:
    if config.is_secret(key):
        reason = (
            "contains an encrypted value, which makes all of it secret and hides it from "
            "reviewers: store each credential under a key of its own, and refer to it by "
            "{fromConfig: NAME}"
        )
        failures.append(InputFailure(key, reason))
        return None
    text = config.get(key)
    try:
        content = parse_json(text) if text else {}
    except ValueError:
        content = None
    if not isinstance(content, dict):
        failures.append(InputFailure(key, "must be a mapping of names to settings"))
        return None
    return content
