"""Spaces buckets: private, with a life cycle; and the proof that a Spaces key writes.

Spaces speaks S3 of before 2025: requests carry an MD5 where S3 now takes other checksums. It
has no users to make: its keys come from DigitalOcean's control panel.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from realtimekit_provider.api.models.storage_config import DigitalOceanStorageConfig, StorageConfig
from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.backends.s3 import buckets as s3
from realtimekit_provider.storage.backends.s3.bucket_settings import (
    is_public,
    put_lifecycle,
    put_policy,
    read_lifecycle_days,
    read_statements,
)
from realtimekit_provider.storage.backends.s3.errors import ErrorContext, translate_errors
from realtimekit_provider.storage.backends.s3.location_backend import S3LocationBackend
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation

__all__ = ["SpacesLocationBackend", "SpacesWriteProbe"]

_KEY = "SPACES_ACCESS_KEY_ID"
_SECRET = "SPACES_SECRET_ACCESS_KEY"  # noqa: S105 - the name of a variable
_ENDPOINT = "SPACES_ENDPOINT_URL"
_EVERYBODY = ("/AllUsers", "/AuthenticatedUsers")


class SpacesLocationBackend(S3LocationBackend[SpacesLocation]):
    """Spaces buckets, administered with the key that stands in the environment."""

    def __init__(self) -> None:
        super().__init__(_administering, _make, _apply_settings, _read_settings)


class SpacesWriteProbe:
    """Proves a Spaces key by beginning and aborting a multipart upload."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:  # noqa: ARG002 - SFTP's
        if not isinstance(config, DigitalOceanStorageConfig):
            raise TypeError(f"a Spaces key was to be proven, not one of {config.type}")
        key, secret = config.access_key.get_secret_value(), config.secret.get_secret_value()
        context = _writer(config, key, secret)
        with (
            translate_errors(context),
            closing(_client(config.region, None, key, secret)) as client,
        ):
            s3.prove(client, config.bucket, config.path, context)


@contextmanager
def _administering(location: SpacesLocation) -> Iterator[tuple[Any, ErrorContext]]:
    context = _administrator(location)
    key, secret = os.environ.get(_KEY), os.environ.get(_SECRET)
    if not (key and secret):
        raise StorageCredentialError(
            f"{context.about}: there are no credentials to ask Spaces with. {context.remedy}"
        )
    with (
        translate_errors(context),
        closing(_client(location.region, location.endpoint, key, secret)) as client,
    ):
        yield client, context


def _administrator(location: SpacesLocation) -> ErrorContext:
    return ErrorContext(
        about=f"The bucket {location.bucket} (digitalocean, {location.region})",
        cloud="Spaces",
        credentials=f"the credentials in {_KEY} and {_SECRET}",
        remedy=f"Set {_KEY} and {_SECRET} to a Spaces key with full access.",
        resource=f"the bucket {location.bucket} (a Spaces key with full access has it)",
        secrets=tuple(filter(None, (os.environ.get(_KEY), os.environ.get(_SECRET)))),
    )


def _writer(config: DigitalOceanStorageConfig, *secrets: str) -> ErrorContext:
    return ErrorContext(
        about=f"The bucket {config.bucket} (digitalocean, {config.region})",
        cloud="Spaces",
        credentials="the credentials of the storage_config",
        remedy="Give a Spaces key that exists, and its own secret.",
        resource=f"the bucket {config.bucket} (a Spaces key with Read/Write/Delete on it has it)",
        secrets=secrets,
    )


def _client(region: str, endpoint: str | None, key: str, secret: str) -> Any:
    """The variable is the one of DigitalOcean's own tools, with their word for the region."""
    region = region.lower()
    url = endpoint or os.environ.get(_ENDPOINT) or "https://{{.Region}}.digitaloceanspaces.com"
    client = s3.client(
        "s3",
        region,
        endpoint_url=url.replace("{{.Region}}", region),
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        settings={
            "s3": {"addressing_style": "path"},
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        },
    )
    client.meta.events.register("before-call.s3", _with_md5)
    return client


def _with_md5(params: dict[str, Any], **_: object) -> None:
    body = params.get("body")
    if body and isinstance(body, bytes):
        digest = hashlib.md5(body, usedforsecurity=False).digest()
        params["headers"]["Content-MD5"] = base64.b64encode(digest).decode("ascii")
        params.get("context", {}).pop("checksum", None)


def _make(client: Any, location: SpacesLocation) -> None:
    client.create_bucket(
        Bucket=location.bucket,
        ACL="private",
        CreateBucketConfiguration={"LocationConstraint": location.region.lower()},
    )


def _apply_settings(client: Any, location: SpacesLocation) -> None:
    client.put_bucket_acl(Bucket=location.bucket, ACL="private")
    found = read_statements(client, location.bucket)
    put_policy(client, location.bucket, found, [one for one in found if not is_public(one)])
    put_lifecycle(client, location, versions=False)


def _read_settings(client: Any, location: SpacesLocation) -> dict[str, Any]:
    return {
        "public_access": _public_access(client, location.bucket),
        **read_lifecycle_days(client, location.bucket),
    }


def _public_access(client: Any, bucket: str) -> str:
    grants = client.get_bucket_acl(Bucket=bucket).get("Grants", [])
    groups = [str(grant.get("Grantee", {}).get("URI", "")) for grant in grants]
    by_acl = any(group.endswith(_EVERYBODY) for group in groups)
    return "open" if by_acl or any(map(is_public, read_statements(client, bucket))) else "blocked"
