"""Spaces buckets: private, with lifecycle rules.

Spaces has no users to make: its keys come from DigitalOcean's control panel.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, ClassVar

from typing_extensions import override

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.errors import ErrorContext, describe
from realtimekit_provider.storage.backends.ports import LocationBackend
from realtimekit_provider.storage.backends.s3.bucket_settings import (
    is_public,
    put_lifecycle,
    put_policy,
    read_lifecycle_days,
    read_rules,
    read_statements,
)
from realtimekit_provider.storage.backends.s3.buckets import create_bucket
from realtimekit_provider.storage.backends.s3.errors import translate_errors
from realtimekit_provider.storage.backends.s3.location_client import S3LocationClient
from realtimekit_provider.storage.backends.spaces.client import create_spaces_client
from realtimekit_provider.storage.backends.spaces.mark_rule import (
    build_mark_command,
    is_mark_rule,
    read_mark,
    replace_mark,
)
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation

__all__ = ["SpacesLocationBackend"]

_KEY = "SPACES_ACCESS_KEY_ID"
_SECRET = "SPACES_SECRET_ACCESS_KEY"  # noqa: S105 - the name of a variable
_EVERYBODY = ("/AllUsers", "/AuthenticatedUsers")


class SpacesLocationBackend(LocationBackend[SpacesLocation]):
    """Spaces buckets, administered with the key that stands in the environment."""

    @override
    @contextmanager
    def connect(self, location: SpacesLocation) -> Iterator[S3LocationClient[SpacesLocation]]:
        key, secret = os.environ.get(_KEY, ""), os.environ.get(_SECRET, "")
        context = _build_context(location, key, secret)
        if not (key and secret):
            raise StorageCredentialError(
                f"{context.about}: there are no credentials for Spaces. {context.remedy}"
            )
        with (
            translate_errors(context),
            closing(create_spaces_client(location.region, location.endpoint, key, secret)) as s3,
        ):
            yield _SpacesLocationClient(s3, location, context)


class _SpacesLocationClient(S3LocationClient[SpacesLocation]):
    reports_region: ClassVar[bool] = False
    written_at_once = "lifecycle rules"

    def _create_bucket(self) -> bool:
        return create_bucket(
            self._s3,
            self._location.bucket,
            ACL="private",
            CreateBucketConfiguration={
                "LocationConstraint": normalize_region(self._location.region)
            },
        )

    @override
    def read_mark(self) -> str | None:
        return read_mark(self._s3, self._location.bucket)

    @override
    def write_mark(self, mark: str, *, before: str | None) -> bool:
        return replace_mark(self._s3, self._location.bucket, before, mark)

    @override
    def build_mark_command(self, mark: str) -> str:
        return build_mark_command(self._s3, self._location.bucket, mark)

    @override
    def apply_settings(self) -> None:
        s3, bucket = self._s3, self._location.bucket
        s3.put_bucket_acl(Bucket=bucket, ACL="private")
        current = read_statements(s3, bucket)
        put_policy(s3, bucket, current, [one for one in current if not is_public(one)])
        put_lifecycle(s3, self._location, versions=False, is_kept=is_mark_rule)

    def _read_settings(self) -> dict[str, Any]:
        bucket = self._location.bucket
        return {
            "public_access": _read_public_access(self._s3, bucket),
            **read_lifecycle_days(self._s3, bucket),
        }

    def _is_unset(self) -> bool:
        return not read_rules(self._s3, self._location.bucket)


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
