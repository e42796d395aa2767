"""Where files go, and whether two descriptions of that mean the same location."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.api.models.storage_config import TARGET_KEYS

__all__ = ["Target", "extract_target", "is_same_target", "list_targets"]

Target = Mapping[str, Any]
"""The keys of a ``storage_config`` that say where files go, of :data:`TARGET_KEYS`; those that
say with which credential are left out."""


def extract_target(storage_config: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a ``storage_config`` sends files to: its keys of :data:`TARGET_KEYS`."""
    return {key: storage_config[key] for key in TARGET_KEYS if storage_config.get(key) is not None}


def list_targets(layers: Any) -> list[dict[str, Any]]:
    """Return the distinct targets of layers, as stored or as sent."""
    distinct: list[dict[str, Any]] = []
    for layer in layers.values() if isinstance(layers, Mapping) else ():
        for output in layer.get("outputs") or ():
            storage = output.get("storage_config")
            if storage is not None and (target := extract_target(storage)) not in distinct:
                distinct.append(target)
    return distinct


def is_same_target(one: Target, other: Target) -> bool:
    """Whether two descriptions are equal in every key that both of them have.

    The API may write a region in another case, and a path with or without slashes.
    """
    shared = (key for key in TARGET_KEYS if key in one and key in other)
    return all(_normalize(one[key]) == _normalize(other[key]) for key in shared)


def _normalize(value: Any) -> Any:
    return value.strip("/").casefold() if isinstance(value, str) else value
