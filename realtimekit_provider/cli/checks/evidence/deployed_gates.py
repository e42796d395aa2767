"""The gates that a stack's state has, with the credentials that they were given: pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.schema.urn import TYPES, parse_name

__all__ = ["list_deployed_gates"]

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which a state says what a mapping stands for: a secret, an asset and so on."""


def list_deployed_gates(exported: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the decrypted inputs of each gate of a state.

    Args:
        exported: What ``pulumi stack export --show-secrets`` prints.
    """
    for resource in (exported.get("deployment") or {}).get("resources") or ():
        if resource.get("type") == f"{TYPES}:StorageGate" and not resource.get("delete"):
            inputs = _reveal(resource.get("outputs") or resource.get("inputs") or {})
            yield parse_name(str(resource["urn"])), decode(inputs)


def _reveal(value: Any) -> Any:
    if isinstance(value, Mapping):
        if _SIGNATURE in value and "plaintext" in value:
            return _reveal(json.loads(value["plaintext"]))
        return {key: _reveal(inner) for key, inner in value.items()}
    return [*map(_reveal, value)] if isinstance(value, list) else value
