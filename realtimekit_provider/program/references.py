"""Credentials in a stack's config: referred to where they are used, stored under their own keys.

An encrypted value inside a structured one would make all of it a secret, and hide the bucket from
the reviewer. So the structure says ``{fromConfig: NAME}``, and the credential is stored, encrypted,
under ``realtimekit:NAME``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.suggestions import closest_match, describe_unknown_field

__all__ = ["NAMESPACE", "StackConfig", "resolve_references", "validate_references"]

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


def resolve_references(value: Any, config: StackConfig) -> Any:
    """Return ``value`` with each reference replaced by the credential that it names."""
    name = _find_reference(value)
    if name is not None:
        return config.get(f"{NAMESPACE}:{name}")
    if isinstance(value, Mapping):
        return {key: resolve_references(inner, config) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolve_references(inner, config) for inner in value]
    return value


def validate_references(value: Any, config: StackConfig, path: _Path) -> Iterator[InputFailure]:
    """Yield what is wrong with how credentials are given, at any depth of ``value``."""
    name = _find_reference(value)
    if name is not None:
        yield from _validate_reference(name, config, path)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from validate_references(inner, config, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from validate_references(inner, config, (*path, index))
    elif _is_credential(path) and isinstance(value, str) and value:
        name = _suggest_name(path)
        yield InputFailure(
            format_path(path),
            f"is a credential in plain text: write {{{_REFERENCE}: {name}}} here, replace the "
            f"credential, and store the new one with 'pulumi config set --secret "
            f"{NAMESPACE}:{name}'",
        )


def _validate_reference(name: str, config: StackConfig, path: _Path) -> Iterator[InputFailure]:
    key = f"{NAMESPACE}:{name}"
    if not _is_credential(path):
        meant = closest_match(str(path[-1]), _CREDENTIALS) if _is_in_storage(path) else None
        reason = f"is not a credential: write the value here instead of {_REFERENCE}"
        if meant is not None:
            reason = describe_unknown_field(path[-1], [meant])
        yield InputFailure(format_path(path), reason)
    elif config.get(key) is None:
        yield InputFailure(
            format_path(path),
            f"is taken from {key}, which is not set: run 'pulumi config set --secret {key}'",
        )
    elif not config.is_secret(key):
        yield InputFailure(
            format_path(path),
            f"is taken from {key}, which is stored in plain text: replace the credential, and "
            f"store the new one with 'pulumi config set --secret {key}'",
        )


def _find_reference(value: Any) -> str | None:
    if isinstance(value, Mapping) and set(value) == {_REFERENCE}:
        name = value[_REFERENCE]
        return name if isinstance(name, str) else None
    return None


def _is_credential(path: _Path) -> bool:
    return _is_in_storage(path) and path[-1] in _CREDENTIALS


def _is_in_storage(path: _Path) -> bool:
    return "storage_config" in path or path[0] == f"{NAMESPACE}:storage"


def _suggest_name(path: _Path) -> str:
    recording = next((part for part in path[1:] if isinstance(part, str)), "recording")
    first, *rest = str(path[-1]).split("_")
    words = "".join(word.capitalize() for word in (first, *rest))
    return f"{recording}{words}"
