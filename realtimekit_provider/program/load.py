"""Loads the config of the selected stack, and reports all its mistakes at once, by their paths."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pulumi
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG, get_config_env

from realtimekit_provider.engine.advised_commands import add_stack_option
from realtimekit_provider.program.empty_config import describe_empty_config, find_stack_files
from realtimekit_provider.program.read import has_section, read_stack
from realtimekit_provider.program.references import StackConfig
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack

__all__ = ["load", "selected_stack_config"]


class _SelectedStack(StackConfig):
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
    if not has_section(source):
        raise pulumi.RunError(_describe_empty_config(source))
    stack, failures = read_stack(source)
    if failures:
        stack_name = pulumi.get_stack()
        lines = "\n".join(f"  {add_stack_option(str(one), stack_name)}" for one in failures)
        number = "one mistake" if len(failures) == 1 else f"{len(failures)} mistakes"
        raise pulumi.RunError(f"the stack's config has {number}:\n{lines}")
    return stack


def _describe_empty_config(config: StackConfig) -> str:
    keys = [section.key for section in SECTIONS]
    return describe_empty_config(
        keys, config.keys(), find_stack_files(Path.cwd(), pulumi.get_stack())
    )
