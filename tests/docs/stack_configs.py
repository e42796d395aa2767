"""A stack's config as YAML, read as Pulumi hands it to a program."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml

from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.program.recordings import LAYERS_KEY
from realtimekit_provider.program.references import NAMESPACE, StackConfig
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack
from tests.example_values import PRIVATE_KEY, SERVICE_ACCOUNT

__all__ = ["YamlConfig", "list_credentials"]


class YamlConfig(StackConfig):
    """The config in a stack file; an encrypted value decrypts to one that its field accepts."""

    def __init__(self, text: str) -> None:
        self.values: Mapping[str, Any] = yaml.safe_load(text)["config"]
        self._decrypted = dict(list_credentials(self.values))

    @property
    def recordings(self) -> Mapping[str, Any]:
        """The recordings as they are written."""
        found: Mapping[str, Any] = self.values.get(f"{NAMESPACE}:recordings", {})
        return found

    @property
    def declared(self) -> Stack:
        """Every section as it is written."""
        sections = {one.name: self.values.get(one.key, {}) for one in SECTIONS}
        return Stack(sections, self.values.get(LAYERS_KEY, {}), read_settings(self, {}))

    def get(self, key: str) -> str | None:
        """Return text; numbers and structures as JSON, like Pulumi."""
        value = self.values.get(key)
        if self.is_secret(key):
            return self._decrypted.get(key.partition(":")[2], "a-token")
        return value if value is None or isinstance(value, str) else json.dumps(value)

    def keys(self) -> Collection[str]:
        """Return all keys."""
        return self.values.keys()

    def is_secret(self, key: str) -> bool:
        """Whether the value is encrypted."""
        value = self.values.get(key)
        return isinstance(value, Mapping) and "secure" in value


def list_credentials(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the name of each credential that is used, and a valid made-up value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping) and set(inner) == {"fromConfig"}:
                yield inner["fromConfig"], _create_credential(str(value.get("type")), key)
            else:
                yield from list_credentials(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from list_credentials(inner)


def _create_credential(kind: str, field: str) -> str:
    values = {
        ("sftp", "private_key"): PRIVATE_KEY,
        ("gcs", "key"): SERVICE_ACCOUNT,
        ("gcs", "secret"): SERVICE_ACCOUNT,
        ("azure", "access_key"): "AccountName=example;AccountKey=bWFkZSB1cA==",
    }
    return values.get((kind, field), f"made-up-{kind}-{field}")
