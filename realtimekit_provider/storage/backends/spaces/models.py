"""What is declared of Spaces storage."""

from __future__ import annotations

from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import ValidationInfo, field_validator

from realtimekit_provider.schema.credentials import AccessKey
from realtimekit_provider.schema.hosts import Endpoint
from realtimekit_provider.storage.backends.base_models import DeclarationModel, PrefixModel
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = ["SpacesDeclaration", "SpacesLocation"]

_PUBLIC_DOMAIN = ".digitaloceanspaces.com"


class SpacesLocation(S3BucketModel):
    """A Spaces bucket: private, with lifecycle rules."""

    identity_fields: ClassVar[tuple[str, ...]] = ("region", "bucket")
    replace_on: ClassVar[frozenset[str]] = frozenset({"bucket", "region", "endpoint"})

    type: Literal["digitalocean"] = "digitalocean"
    endpoint: Endpoint | None = None

    @field_validator("endpoint")
    @classmethod
    def _check_region(cls, endpoint: str | None, info: ValidationInfo) -> str | None:
        host = (urlsplit(endpoint or "").hostname or "").removesuffix(".")
        region = str(info.data.get("region", "")).lower()
        if not host.endswith(_PUBLIC_DOMAIN):
            return endpoint
        name = host.removesuffix(_PUBLIC_DOMAIN)
        expected = f"https://{region or 'REGION'}{_PUBLIC_DOMAIN}"
        if name.endswith(".cdn"):
            raise ValueError(f"is the address of the CDN, which only serves files: use {expected}")
        if "." in name:
            raise ValueError(f"has the name of a bucket in it: use {expected}")
        if region and name != region:
            raise ValueError(f"is the endpoint of another region, {name}: use {expected}")
        return endpoint


class SpacesDeclaration(SpacesLocation, PrefixModel, DeclarationModel):
    """The arguments of ``SpacesRecordingBucket``, and storage of type ``digitalocean``."""

    access_key: AccessKey
    secret: AccessKey
