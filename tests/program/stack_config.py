"""Stack configs as a program gets them, and what :func:`load` makes of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.program.load import load
from realtimekit_provider.program.references import StackConfig
from tests.bad_inputs import OUTPUT
from tests.example_values import ACCOUNT, APP, MEETING

__all__ = [
    "CONFIG",
    "KEY",
    "WHERE",
    "Config",
    "by_reference",
    "config",
    "paths",
    "read_mistakes",
    "refusal",
    "standup",
]

KEY = "realtimekit:recordings"
WHERE = f"{KEY}.standup"
CONFIG = f"{OUTPUT}.storage_config"


@dataclass
class Config(StackConfig):
    """A stack's config; what stands in ``secrets`` is encrypted."""

    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str | None:
        return {**self.values, **self.secrets}.get(key)

    def keys(self) -> Collection[str]:
        return {**self.values, **self.secrets}.keys()

    def is_secret(self, key: str) -> bool:
        return key in self.secrets


def config(recordings: Any, values: Any = None, **secrets: str) -> Config:
    """Return the config of a stack with these recordings, settings and encrypted credentials."""
    return Config(
        {
            "realtimekit:accountId": ACCOUNT,
            "realtimekit:appId": APP,
            KEY: json.dumps(recordings),
            **(values or {}),
        },
        {f"realtimekit:{name}": value for name, value in secrets.items()},
    )


def by_reference(storage: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return ``storage`` with its credentials as references, and the credentials."""
    secrets = {key: value for key, value in storage.items() if key in SECRET_KEYS and value}
    return {**storage, **{key: {"fromConfig": key} for key in secrets}}, secrets


def standup(**changes: Any) -> dict[str, Any]:
    return {"standup": {"meeting_id": MEETING, "layers": {"default": {}}, **changes}}


def refusal(stack: Config) -> str:
    """Return the text with which a stack's config is refused."""
    with pytest.raises(pulumi.RunError) as raised:
        load(stack)
    return str(raised.value)


def read_mistakes(stack: Config) -> dict[str, str]:
    """Return what is wrong with a stack's config by its path, each path once."""
    try:
        load(stack)
    except pulumi.RunError as error:
        lines = [line.strip().partition(": ") for line in str(error).splitlines()[1:]]
        assert len({path for path, _, _ in lines}) == len(lines), lines
        return {path: reason for path, _, reason in lines}
    return {}


def paths(stack: Config) -> list[str]:
    """Return the paths of what is wrong with a stack's config."""
    return [*read_mistakes(stack)]
