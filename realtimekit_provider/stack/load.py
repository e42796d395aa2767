"""Reads the config of the selected stack: every mistake with its path, all of them at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
from pulumi.runtime import is_config_secret

from realtimekit_provider.dynamic.settings import settings_from
from realtimekit_provider.lifecycle.inputs import completed, problems_in
from realtimekit_provider.lifecycle.problems import Problem, path_text
from realtimekit_provider.stack.references import (
    NAMESPACE,
    StackConfig,
    reference_problems,
    resolved,
)

__all__ = ["load", "problems_of", "selected_stack"]

_KEY = f"{NAMESPACE}:recordings"
_NOT_FOR_USERS = frozenset({"resource_urn", "mark"})
_REPORTED_BY_THE_CHECK = frozenset({"account_id", "app_id"})


class _SelectedStack:
    def get(self, key: str) -> str | None:
        namespace, _, name = key.partition(":")
        return pulumi.Config(namespace).get(name)

    def is_secret(self, key: str) -> bool:
        return is_config_secret(key)


def selected_stack() -> StackConfig:
    """Return the config of the stack that the running program was started for."""
    return _SelectedStack()


def load(config: StackConfig | None = None) -> dict[str, dict[str, Any]]:
    """Return the arguments of each recording of a stack, by the recording's name.

    Credentials are still references; :func:`~realtimekit_provider.stack.declare.declare`
    resolves them.

    Raises:
        pulumi.RunError: Something in the config is wrong; the text lists every mistake.
    """
    stack = selected_stack() if config is None else config
    recordings, problems = _recordings(stack)
    problems = problems or list(problems_of(recordings, stack))
    if problems:
        lines = "\n".join(f"  {problem.path}: {problem.reason}" for problem in problems)
        number = "one mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        raise pulumi.RunError(f"the stack's config has {number}:\n{lines}")
    return recordings


def problems_of(recordings: Mapping[str, Any], config: StackConfig) -> Iterator[Problem]:
    """Yield everything that is wrong with the recordings of a stack and its other settings."""
    settings = settings_from(config)
    yield from settings.problems
    for name, given in recordings.items():
        where = path_text((_KEY, name))
        if not isinstance(given, Mapping):
            yield Problem(where, "must be a mapping of a recording's settings")
            continue
        in_clear = list(reference_problems(given, config, (_KEY, name)))
        yield from in_clear
        reported = {problem.path for problem in in_clear}
        for key in sorted(_NOT_FOR_USERS & given.keys()):
            yield Problem(f"{where}.{key}", "is not a field that exists here")
        inputs = completed(resolved(given, config), {}, settings.defaults)
        for problem in problems_in(inputs, settings.defaults.track_api):
            path = f"{where}.{problem.path}"
            if path not in reported and problem.path not in _REPORTED_BY_THE_CHECK - given.keys():
                yield Problem(path, problem.reason)


def _recordings(config: StackConfig) -> tuple[dict[str, Any], list[Problem]]:
    if config.is_secret(_KEY):
        reason = (
            "holds an encrypted value, which makes the whole of it secret and hides it from "
            "reviewers: keep credentials in keys of their own, as {fromConfig: NAME}"
        )
        return {}, [Problem(_KEY, reason)]
    text = config.get(_KEY)
    try:
        content = json.loads(text) if text else {}
    except ValueError:
        content = None
    if not isinstance(content, dict):
        return {}, [Problem(_KEY, "must be a mapping of names to recordings")]
    return content, []
