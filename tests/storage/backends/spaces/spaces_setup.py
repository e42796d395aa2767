"""What the tests of Spaces declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from realtimekit_provider.api.models.storage_config import (
    DigitalOceanStorageConfig,
)
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation

REGION = "SGP1"


def declared(**changed: Any) -> SpacesLocation:
    return SpacesLocation(
        **{"bucket": f"recordings-{uuid4().hex[:12]}", "region": REGION, **changed}
    )


def with_on_delete(location: SpacesLocation, on_delete: str) -> SpacesLocation:
    return SpacesLocation(**{**location.model_dump(), "on_delete": on_delete})


def config_of(
    location: SpacesLocation, credential: Mapping[str, str], **changed: Any
) -> DigitalOceanStorageConfig:
    named = {"type": "digitalocean", "bucket": location.bucket, "region": REGION, "path": "calls"}
    return DigitalOceanStorageConfig(**{**named, **credential, **changed})
