"""Credentials in a stack's config: named where they are used, kept in keys of their own.

An encrypted leaf inside a structured value would make the whole value a secret, and hide the
bucket from the reviewer. So the structure says ``{fromConfig: NAME}`` and the credential
stands, encrypted, under ``realtimekit:NAME``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.schema.input_failures import InputFailure, format_path
from realtimekit_provider.schema.suggestions import closest_match, describe_unknown_field

__all__ = ["NAMESPACE", "StackConfig", "resolved", "validate_references"]

NAMESPACE = "realtimekit"
_REFERENCE = "fromConfig"

_CREDENTIALS = SECRET_KEYS | {"key"}

_Path = tuple[str | int, ...]


class StackConfig(Protocol):
    """The config of the selected stack."""

    def get(self, key: str) -> str | None:
        """Return the text under ``namespace:key``, decrypted; ``None`` where it is not set."""

    def keys(self) -> Collection[str]:
        """Return all keys that are set, of every namespace."""

    def is_secret(self, key: str) -> bool:
        """Whether the value under ``namespace:key`` is encrypted."""


def resolved(value: Any, config: StackConfig) -> Any:
    """Return ``value`` with each reference replaced by the credential that it names."""
    name = _referenced(value)
    if name is not None:
        return config.get(f"{NAMESPACE}:{name}")
    if isinstance(value, Mapping):
        return {key: resolved(inner, config) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, config) for inner in value]
    return value


def validate_references(value: Any, config: StackConfig, path: _Path) -> Iterator[InputFailure]:
    """Yield what is wrong with how credentials are given, at any depth of ``value``."""
    name = _referenced(value)
    if name is not None:
        yield from _problems_of_reference(name, config, path)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from validate_references(inner, config, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from validate_references(inner, config, (*path, index))
    elif _is_credential(path) and isinstance(value, str) and value:
        name = _suggested(path)
        yield InputFailure(
            format_path(path),
            f"is a credential in clear: write {{{_REFERENCE}: {name}}} here, give it a new value, "
            f"and keep that by 'pulumi config set --secret {NAMESPACE}:{name}'",
        )


def _problems_of_reference(name: str, config: StackConfig, path: _Path) -> Iterator[InputFailure]:
    key = f"{NAMESPACE}:{name}"
    if not _is_credential(path):
        meant = closest_match(str(path[-1]), _CREDENTIALS) if _is_in_storage(path) else None
        reveal_secrets = f"is no credential: write the value here, not {_REFERENCE}"
        yield InputFailure(
            format_path(path),
            describe_unknown_field(path[-1], [meant]) if meant else reveal_secrets,
        )
    elif config.get(key) is None:
        yield InputFailure(
            format_path(path),
            f"is taken from {key}, which is not set: run 'pulumi config set --secret {key}'",
        )
    elif not config.is_secret(key):
        yield InputFailure(
            format_path(path),
            f"is taken from {key}, which stands there in clear: give it a new value by "
            f"'pulumi config set --secret {key}'",
        )


def _referenced(value: Any) -> str | None:
    if isinstance(value, Mapping) and set(value) == {_REFERENCE}:
        name = value[_REFERENCE]
        return name if isinstance(name, str) else None
    return None


def _is_credential(path: _Path) -> bool:
    return _is_in_storage(path) and path[-1] in _CREDENTIALS


def _is_in_storage(path: _Path) -> bool:
    return "storage_config" in path or path[0] == f"{NAMESPACE}:storage"


def _suggested(path: _Path) -> str:
    recording = next((part for part in path[1:] if isinstance(part, str)), "recording")
    first, *rest = str(path[-1]).split("_")
    words = "".join(word.capitalize() for word in (first, *rest))
    return f"{recording}{words}"
