"""A stack's config as the Pulumi CLI decrypts it, which is what its program would get."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.program.references import StackConfig

__all__ = ["DecryptedConfig", "read_decrypted_config"]


class DecryptedConfig(StackConfig):
    """The config of a stack with its secrets; none of them is shown.

    Args:
        entries: What ``pulumi config --show-secrets --json`` prints: by key a mapping with
            ``value`` and ``secret``.
    """

    def __init__(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self._entries = entries

    def get(self, key: str) -> str | None:
        """Return the text under ``namespace:key``, structures as JSON."""
        value = self._entries.get(key, {}).get("value")
        return None if value is None else str(value)

    def keys(self) -> Collection[str]:
        """Return all keys that are set, with their namespace."""
        return self._entries.keys()

    def is_secret(self, key: str) -> bool:
        """Whether the value, or a part of it, is encrypted."""
        return bool(self._entries.get(key, {}).get("secret"))

    def list_secrets(self) -> Iterator[str]:
        """Yield each encrypted value, so that it can be hidden wherever it turns up."""
        for key in self._entries:
            value = self.get(key)
            if value is not None and self.is_secret(key):
                yield value


def read_decrypted_config(cli: PulumiCli, stack: str) -> DecryptedConfig:
    """Return the config of a stack, decrypted.

    Raises:
        CommandError: The backend has no such stack, or the secrets provider does not decrypt.
    """
    return DecryptedConfig(cli.read_json("config", "--show-secrets", "--json", "--stack", stack))
