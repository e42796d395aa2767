"""What is declared of Spaces storage."""

from __future__ import annotations

from typing import ClassVar, Literal

from realtimekit_provider.schema.credentials import AccessKey
from realtimekit_provider.schema.hosts import Endpoint
from realtimekit_provider.schema.storage_names import ObjectPath
from realtimekit_provider.storage.backends.base_models import DeclarationModel
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = ["SpacesDeclaration", "SpacesLocation"]


class SpacesLocation(S3BucketModel):
    """A Spaces bucket: private, with lifecycle rules."""

    identity_fields: ClassVar[tuple[str, ...]] = ("region", "bucket")
    replace_on: ClassVar[frozenset[str]] = frozenset({"bucket", "region", "endpoint"})

    type: Literal["digitalocean"] = "digitalocean"
    endpoint: Endpoint | None = None


class SpacesDeclaration(SpacesLocation, DeclarationModel):
    """Storage of type ``digitalocean`` in a stack's config."""

    prefix: ObjectPath = ""
    access_key: AccessKey
    secret: AccessKey
