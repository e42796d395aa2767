"""Spaces buckets: private, with lifecycle rules.

Spaces has no users to make: its keys come from DigitalOcean's control panel.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, ClassVar

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.errors import ErrorContext, describe
from realtimekit_provider.storage.backends.s3.bucket_settings import (
    is_public,
    put_lifecycle,
    put_policy,
    read_lifecycle_days,
    read_statements,
)
from realtimekit_provider.storage.backends.s3.errors import translate_errors
from realtimekit_provider.storage.backends.s3.location_backend import S3LocationBackend
from realtimekit_provider.storage.backends.spaces.client import create_spaces_client
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation

__all__ = ["SpacesLocationBackend"]

_KEY = "SPACES_ACCESS_KEY_ID"
_SECRET = "SPACES_SECRET_ACCESS_KEY"  # noqa: S105 - the name of a variable
_EVERYBODY = ("/AllUsers", "/AuthenticatedUsers")


class SpacesLocationBackend(S3LocationBackend[SpacesLocation]):
    """Spaces buckets, administered with the key that stands in the environment."""

    reports_region: ClassVar[bool] = False

    @contextmanager
    def _connect(self, location: SpacesLocation) -> Iterator[tuple[Any, ErrorContext]]:
        key, secret = os.environ.get(_KEY, ""), os.environ.get(_SECRET, "")
        context = _build_context(location, key, secret)
        if not (key and secret):
            raise StorageCredentialError(
                f"{context.about}: there are no credentials for Spaces. {context.remedy}"
            )
        with (
            translate_errors(context),
            closing(
                create_spaces_client(location.region, location.endpoint, key, secret)
            ) as client,
        ):
            yield client, context

    def _create_bucket(self, client: Any, location: SpacesLocation) -> None:
        client.create_bucket(
            Bucket=location.bucket,
            ACL="private",
            CreateBucketConfiguration={"LocationConstraint": normalize_region(location.region)},
        )

    def _apply_settings(self, client: Any, location: SpacesLocation) -> None:
        bucket = location.bucket
        client.put_bucket_acl(Bucket=bucket, ACL="private")
        current = read_statements(client, bucket)
        put_policy(client, bucket, current, [one for one in current if not is_public(one)])
        put_lifecycle(client, location, versions=False)

    def _read_settings(self, client: Any, location: SpacesLocation) -> dict[str, Any]:
        return {
            "public_access": _read_public_access(client, location.bucket),
            **read_lifecycle_days(client, location.bucket),
        }


def _build_context(location: SpacesLocation, *secrets: str) -> ErrorContext:
    return ErrorContext(
        about=describe("bucket", location.bucket, "digitalocean", location.region),
        service="Spaces",
        credentials=f"the credentials in {_KEY} and {_SECRET}",
        remedy=f"Set {_KEY} and {_SECRET} to a Spaces key with full access.",
        resource=f"the bucket {location.bucket} (a Spaces key with full access has it)",
        secrets=tuple(filter(None, secrets)),
    )


def _read_public_access(client: Any, bucket: str) -> str:
    grants = client.get_bucket_acl(Bucket=bucket).get("Grants", [])
    groups = [str(grant.get("Grantee", {}).get("URI", "")) for grant in grants]
    by_acl = any(group.endswith(_EVERYBODY) for group in groups)
    return "open" if by_acl or any(map(is_public, read_statements(client, bucket))) else "blocked"
