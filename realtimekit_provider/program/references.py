"""Credentials in a stack's config: referred to where they are used, stored under their own keys.

An encrypted value inside a structured one would make all of it a secret, and hide the bucket from
the reviewer. So the structure says ``{fromConfig: NAME}``, and the credential is stored, encrypted,
under ``realtimekit:NAME``.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.parsing.json_parsing import parse_json
from realtimekit_provider.schema.unknown import UNKNOWN, Unknown

__all__ = [
    "NAMESPACE",
    "StackConfig",
    "drop_unknown_fields",
    "resolve_references",
    "validate_references",
]

NAMESPACE = "realtimekit"
_REFERENCE = "fromConfig"

_CREDENTIALS = SECRET_KEYS | {"key"}

_Path = tuple[str | int, ...]


class StackConfig(Protocol):
    """The config of a stack: of the selected one, or as its file says it."""

    def get(self, key: str) -> str | Unknown | None:
        """Return the text under ``namespace:key``, decrypted; ``None`` where it is not set.

        A text that cannot be read here, but will be in a deployment, is unknown.
        """

    def keys(self) -> Collection[str]:
        """Return all keys that are set, of every namespace."""

    def is_secret(self, key: str) -> bool:
        """Whether the value under ``namespace:key``, or a part of it, is encrypted."""

    def get_structure(self, key: str) -> Any:
        """Return the value under ``namespace:key``, structures as such.

        What is encrypted in it, and cannot be read here, is unknown.

        Raises:
            ValueError: Its text is no JSON.
        """
        text = self.get(key)
        return parse_json(text) if isinstance(text, str) and text else text or None


def drop_unknown_fields(
    references: Iterable[InputFailure], failures: Collection[InputFailure]
) -> list[InputFailure]:
    """Return what is wrong with references, but for those in fields that do not exist.

    Args:
        references: What :func:`validate_references` yielded.
        failures: What is wrong with the fields themselves, with paths of the same root.
    """
    unknown = {failure.path for failure in failures if failure.is_unknown_field}
    return [failure for failure in references if failure.path not in unknown]


def resolve_references(declared: Mapping[str, Any], config: StackConfig) -> dict[str, Any]:
    """Return what is declared with each reference in it replaced by the credential that it names.

    A credential that is not set is unknown, so that no second mistake follows from that.
    """
    return {key: _resolve(value, config) for key, value in declared.items()}


def _resolve(value: Any, config: StackConfig) -> Any:
    if _is_reference(value):
        credential = config.get(f"{NAMESPACE}:{value[_REFERENCE]}")
        return UNKNOWN if credential is None else credential
    if isinstance(value, Mapping):
        return {key: _resolve(inner, config) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolve(inner, config) for inner in value]
    return value


def validate_references(declared: Any, config: StackConfig, path: _Path) -> Iterator[InputFailure]:
    """Yield what is wrong with how credentials are given, at any depth of what is declared."""
    for key, value in declared.items() if isinstance(declared, Mapping) else ():
        yield from _validate(value, config, (*path, key))


def _validate(value: Any, config: StackConfig, path: _Path) -> Iterator[InputFailure]:
    if _is_reference(value):
        yield from _validate_reference(value, config, path)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _validate(inner, config, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _validate(inner, config, (*path, index))
    elif _is_credential(path) and isinstance(value, str) and value:
        name = _suggest_name(path)
        yield InputFailure(
            format_path(path),
            f"is a credential in plain text: write {{{_REFERENCE}: {name}}} here, replace the "
            f"credential, and store the new one with '{_format_command(f'{NAMESPACE}:{name}')}'",
        )


def _validate_reference(
    value: Mapping[str, Any], config: StackConfig, path: _Path
) -> Iterator[InputFailure]:
    name = value[_REFERENCE]
    key = f"{NAMESPACE}:{name}"
    if not _is_credential(path):
        yield InputFailure(
            format_path(path), f"is not a credential: write the value here instead of {_REFERENCE}"
        )
    elif not (isinstance(name, str) and name) or len(value) > 1:
        yield InputFailure(
            format_path(path),
            f"names one key of the config: write {{{_REFERENCE}: NAME}} for {NAMESPACE}:NAME",
        )
    elif ":" in name:
        yield InputFailure(
            format_path(path),
            f"names a key of the config without the namespace: write "
            f"{{{_REFERENCE}: {name.rpartition(':')[2]}}} for {NAMESPACE}:"
            f"{name.rpartition(':')[2]}",
        )
    elif config.get(key) is None:
        yield InputFailure(
            format_path(path),
            f"is taken from {key}, which is not set: run '{_format_command(key)}'",
        )
    elif not config.is_secret(key):
        yield InputFailure(
            format_path(path),
            f"is taken from {key}, which is stored in plain text: replace the credential, and "
            f"store the new one with '{_format_command(key)}'",
        )


def _format_command(key: str) -> str:
    return f"pulumi config set --secret {shlex.quote(key)}"


def _is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and _REFERENCE in value


def _is_credential(path: _Path) -> bool:
    return _is_in_storage(path) and path[-1] in _CREDENTIALS


def _is_in_storage(path: _Path) -> bool:
    return "storage_config" in path or path[0] == f"{NAMESPACE}:storage"


def _suggest_name(path: _Path) -> str:
    recording = next((part for part in path[1:] if isinstance(part, str)), "recording")
    first, *rest = str(path[-1]).split("_")
    words = "".join(word.capitalize() for word in (first, *rest))
    return f"{recording}{words}"
