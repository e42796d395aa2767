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

from realtimekit_provider.clouds import s3
from realtimekit_provider.clouds.s3_errors import Asker, asking
from realtimekit_provider.clouds.s3_places import S3Places
from realtimekit_provider.clouds.s3_settings import (
    days_of,
    opens,
    put_life_cycle,
    put_policy,
    statements_of,
)
from realtimekit_provider.errors import StorageRefusedError
from realtimekit_provider.wire.places import SpacesPlace
from realtimekit_provider.wire.storage import DigitalOceanStorageConfig, StorageConfig

__all__ = ["SpacesPlaces", "SpacesProver"]

_KEY = "SPACES_ACCESS_KEY_ID"
_SECRET = "SPACES_SECRET_ACCESS_KEY"  # noqa: S105 - the name of a variable
_ENDPOINT = "SPACES_ENDPOINT_URL"
_EVERYBODY = ("/AllUsers", "/AuthenticatedUsers")


class SpacesPlaces(S3Places[SpacesPlace]):
    """Spaces buckets, administered with the key that stands in the environment."""

    def __init__(self) -> None:
        super().__init__(_administering, _make, _settle, _as_it_is)


class SpacesProver:
    """Proves a Spaces key by beginning and aborting a multipart upload."""

    def prove(self, config: StorageConfig, host_key: str | None) -> None:  # noqa: ARG002 - SFTP's
        if not isinstance(config, DigitalOceanStorageConfig):
            raise TypeError(f"a Spaces key was to be proven, not one of {config.type}")
        key, secret = config.access_key.get_secret_value(), config.secret.get_secret_value()
        asker = _writer(config, key, secret)
        with asking(asker), closing(_client(config.region, None, key, secret)) as client:
            s3.prove(client, config.bucket, config.path, asker)


@contextmanager
def _administering(place: SpacesPlace) -> Iterator[tuple[Any, Asker]]:
    asker = _administrator(place)
    key, secret = os.environ.get(_KEY), os.environ.get(_SECRET)
    if not (key and secret):
        raise StorageRefusedError(
            f"{asker.about}: there are no credentials to ask Spaces with. {asker.remedy}"
        )
    with asking(asker), closing(_client(place.region, place.endpoint, key, secret)) as client:
        yield client, asker


def _administrator(place: SpacesPlace) -> Asker:
    return Asker(
        about=f"The bucket {place.bucket} (digitalocean, {place.region})",
        cloud="Spaces",
        credentials=f"the credentials in {_KEY} and {_SECRET}",
        remedy=f"Set {_KEY} and {_SECRET} to a Spaces key with full access.",
        resource=f"the bucket {place.bucket} (a Spaces key with full access has it)",
        secrets=tuple(filter(None, (os.environ.get(_KEY), os.environ.get(_SECRET)))),
    )


def _writer(config: DigitalOceanStorageConfig, *secrets: str) -> Asker:
    return Asker(
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


def _make(client: Any, place: SpacesPlace) -> None:
    client.create_bucket(
        Bucket=place.bucket,
        ACL="private",
        CreateBucketConfiguration={"LocationConstraint": place.region.lower()},
    )


def _settle(client: Any, place: SpacesPlace) -> None:
    client.put_bucket_acl(Bucket=place.bucket, ACL="private")
    found = statements_of(client, place.bucket)
    put_policy(client, place.bucket, found, [one for one in found if not opens(one)])
    put_life_cycle(client, place, versions=False)


def _as_it_is(client: Any, place: SpacesPlace) -> dict[str, Any]:
    return {
        "public_access": _public_access(client, place.bucket),
        **days_of(client, place.bucket),
    }


def _public_access(client: Any, bucket: str) -> str:
    grants = client.get_bucket_acl(Bucket=bucket).get("Grants", [])
    groups = [str(grant.get("Grantee", {}).get("URI", "")) for grant in grants]
    by_acl = any(group.endswith(_EVERYBODY) for group in groups)
    return "open" if by_acl or any(map(opens, statements_of(client, bucket))) else "blocked"
