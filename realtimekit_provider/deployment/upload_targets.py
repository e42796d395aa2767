"""Where files go, and whether two descriptions of that mean the same location."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.api.models.storage_config import TARGET_KEYS
from realtimekit_provider.schema.normal_forms import normalize_field

__all__ = ["Target", "extract_target", "is_same_target", "list_storage_configs", "list_targets"]

Target = Mapping[str, Any]
"""The keys of a ``storage_config`` that say where files go, of :data:`TARGET_KEYS`; those that
say with which credential are left out."""


def extract_target(storage_config: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a ``storage_config`` sends files to: its keys of :data:`TARGET_KEYS`."""
    return {key: storage_config[key] for key in TARGET_KEYS if storage_config.get(key) is not None}


def list_targets(layers: Any) -> list[dict[str, Any]]:
    """Return the targets of layers, as stored or as sent, each in its first spelling alone."""
    distinct: dict[Any, dict[str, Any]] = {}
    for target in map(extract_target, list_storage_configs(layers)):
        distinct.setdefault(tuple(_normalize(target).items()), target)
    return list(distinct.values())


def list_storage_configs(layers: Any) -> list[Mapping[str, Any]]:
    """Return each ``storage_config`` of layers, as stored or as sent, credentials included."""
    return [
        output["storage_config"]
        for layer in (layers.values() if isinstance(layers, Mapping) else ())
        for output in layer.get("outputs") or ()
        if output.get("storage_config") is not None
    ]


def is_same_target(one: Target, other: Target) -> bool:
    """Whether two descriptions have equal normal forms in every key that both of them have.

    The API may write a region in another case, and a path in a bucket with or without slashes.
    """
    shared = {key for key in TARGET_KEYS if key in one and key in other}
    known = {**one, **other}
    return all(
        normalize_field(key, one[key], known) == normalize_field(key, other[key], known)
        for key in shared
    )


def _normalize(target: Target) -> dict[str, Any]:
    """Return the normal form of each key that says more than leaving it out would."""
    forms = {key: normalize_field(key, target.get(key), target) for key in TARGET_KEYS}
    return {key: form for key, form in forms.items() if form is not None}
