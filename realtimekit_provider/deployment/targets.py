"""Where files go, and whether two descriptions of that mean the same place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.api.models.storage_config import TARGET_KEYS

__all__ = ["Target", "agree", "target_from", "targets_of_layers"]

Target = Mapping[str, Any]
"""The keys of a ``storage_config`` that say where, without those that say with which right."""


def target_from(storage_config: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a ``storage_config`` sends files to."""
    return {key: storage_config[key] for key in TARGET_KEYS if storage_config.get(key) is not None}


def targets_of_layers(layers: Any) -> list[dict[str, Any]]:
    """Return the distinct targets of layers, as stored or as sent."""
    distinct: list[dict[str, Any]] = []
    for layer in layers.values() if isinstance(layers, Mapping) else ():
        for output in layer.get("outputs") or ():
            storage = output.get("storage_config")
            if storage is not None and (target := target_from(storage)) not in distinct:
                distinct.append(target)
    return distinct


def agree(one: Target, other: Target) -> bool:
    """Whether two descriptions agree in all that both of them say.

    The API may write a region in another case, and a path with or without slashes.
    """
    shared = (key for key in TARGET_KEYS if key in one and key in other)
    return all(_normal(one[key]) == _normal(other[key]) for key in shared)


def _normal(value: Any) -> Any:
    return value.strip("/").casefold() if isinstance(value, str) else value
