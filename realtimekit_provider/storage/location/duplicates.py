"""Two owners of one bucket, container or folder in one stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.deployment.storage_registry import StorageRegistry
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.urn import parse_name
from realtimekit_provider.storage.location.inputs import build_location_key, get_naming_field

__all__ = ["find_duplicate_locations"]


def find_duplicate_locations(
    inputs: Mapping[str, Any], registry: StorageRegistry
) -> Iterator[InputFailure]:
    """Yield a failure for each resource that would own the same location.

    Args:
        inputs: Completed inputs, their ``resource_urn`` among them.
        registry: The locations of the resources before it, to which this one's is added.
    """
    urn = inputs.get("resource_urn")
    if not isinstance(urn, str):
        return
    owns = inputs.get("existing") is False
    for other in registry.register_location(urn, build_location_key(inputs), owns=owns):
        yield InputFailure(
            get_naming_field(inputs.get("type")),
            f"would be created, and later deleted, by both '{parse_name(other)}' and "
            f"'{parse_name(urn)}': declare it once, or set existing to true in all but one",
        )
