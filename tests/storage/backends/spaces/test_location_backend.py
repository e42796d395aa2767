"""Spaces buckets, as far as a test server of S3 goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotEmptyError,
    StorageNotFoundError,
)
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation
from tests.storage.backends.aws.aws_setup import CANARY
from tests.storage.backends.spaces.spaces_setup import declared, with_on_delete
from tests.storage.locations import OWN_MARK, locations


def test_a_bucket_lives_from_create_to_delete() -> None:
    location, backend = declared(retention_days=30), locations("digitalocean")
    assert backend.read(location) is None
    backend.create(location)
    backend.create(location)
    assert backend.read(location) == location
    assert backend.delete(location) == "deleted"
    assert backend.delete(location) == "deleted"
    assert backend.read(location) is None


def test_a_bucket_is_private_and_has_a_life_cycle(admin: Any, location: SpacesLocation) -> None:
    grants = admin.get_bucket_acl(Bucket=location.bucket)["Grants"]
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    rules = admin.get_bucket_lifecycle_configuration(Bucket=location.bucket)["Rules"]
    mark, *rules = rules
    assert (mark["ID"], mark["Status"]) == (f"realtimekit-mark-{OWN_MARK}", "Disabled")
    assert [(rule["ID"], rule["Status"]) for rule in rules] == [
        ("realtimekit-retention", "Enabled"),
        ("realtimekit-unfinished-uploads", "Enabled"),
    ]
    assert rules[0]["Expiration"] == {"Days": 30}
    assert "NoncurrentVersionExpiration" not in rules[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"retention_days": 7},
        {"retention_days": None},
        {"retention_days": None, "abort_uploads_days": None},
        {"abort_uploads_days": 1},
    ],
)
def test_a_declaration_that_changes_is_an_update(
    location: SpacesLocation, changed: dict[str, Any]
) -> None:
    now = SpacesLocation(**{**location.model_dump(), **changed})
    locations("digitalocean").update(now)
    assert locations("digitalocean").read(now) == now


def _open_by_acl(s3: Any, bucket: str) -> None:
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")


def _open_to_every_account(s3: Any, bucket: str) -> None:
    s3.put_bucket_acl(Bucket=bucket, ACL="authenticated-read")


def _open_by_policy(s3: Any, bucket: str) -> None:
    opening = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    statement = {**opening, "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _keep_forever(s3: Any, bucket: str) -> None:
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    marks = [rule for rule in rules if rule["ID"].startswith("realtimekit-mark-")]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": marks})


@pytest.mark.parametrize(
    ("somebody", "shown"),
    [
        (_open_by_acl, {"public_access": "open"}),
        (_open_to_every_account, {"public_access": "open"}),
        (_open_by_policy, {"public_access": "open"}),
        (_keep_forever, {"retention_days": None, "abort_uploads_days": None}),
    ],
)
def test_a_change_by_somebody_else_is_shown_and_undone(
    admin: Any,
    location: SpacesLocation,
    somebody: Callable[[Any, str], None],
    shown: dict[str, Any],
) -> None:
    backend = locations("digitalocean")
    somebody(admin, location.bucket)
    assert backend.read(location) == location.model_copy(update=shown)
    backend.update(location)
    assert backend.read(location) == location


def test_an_existing_bucket_is_used_and_never_touched(admin: Any) -> None:
    location, backend = (
        declared(existing=True, on_delete="force", retention_days=1),
        locations("digitalocean"),
    )
    admin.create_bucket(Bucket=location.bucket, ACL="public-read")
    admin.put_object(Bucket=location.bucket, Key="theirs", Body=b"1")
    before = admin.get_bucket_acl(Bucket=location.bucket)["Grants"]
    backend.create(location)
    backend.update(location)
    assert backend.read(location) == location
    assert backend.delete(location) == "left"
    assert admin.get_bucket_acl(Bucket=location.bucket)["Grants"] == before
    assert admin.get_object(Bucket=location.bucket, Key="theirs")["Body"].read() == b"1"


def test_an_existing_bucket_must_exist() -> None:
    location = declared(existing=True)
    with pytest.raises(
        StorageNotFoundError, match=f"{location.bucket} .digitalocean, SGP1.: it does not"
    ):
        locations("digitalocean").create(location)
    assert locations("digitalocean").read(location) is None


def test_somebodys_bucket_with_objects_is_not_taken_over(admin: Any) -> None:
    location = declared()
    admin.create_bucket(Bucket=location.bucket, ACL="public-read")
    admin.put_object(Bucket=location.bucket, Key="theirs", Body=b"1")
    with pytest.raises(StorageConflictError, match=r"exists already, .*no mark.*existing: true"):
        locations("digitalocean").create(location)


@pytest.mark.parametrize(
    ("on_delete", "becomes"), [("keep", "kept"), ("fail", None), ("force", "deleted")]
)
def test_objects_are_kept_or_deleted_as_declared(
    admin: Any, location: SpacesLocation, on_delete: str, becomes: str | None
) -> None:
    admin.put_object(Bucket=location.bucket, Key="calls/a.webm", Body=b"1")
    admin.create_multipart_upload(Bucket=location.bucket, Key="calls/b.webm")
    if becomes is None:
        with pytest.raises(StorageNotEmptyError, match=f"{location.bucket} .*holds objects"):
            locations("digitalocean").delete(with_on_delete(location, on_delete))
    else:
        assert locations("digitalocean").delete(with_on_delete(location, on_delete)) == becomes
    assert (locations("digitalocean").read(location) is None) == (becomes == "deleted")


METHODS = ["create", "read", "update", "delete"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY"])
def test_without_a_key_it_says_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, method: str, name: str
) -> None:
    monkeypatch.delenv(name)
    location = declared()
    with pytest.raises(
        StorageCredentialError, match=f"{location.bucket}.*Set SPACES_ACCESS_KEY_ID and"
    ):
        getattr(locations("digitalocean"), method)(location)


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_key_is_refused_without_quoting_it(
    monkeypatch: pytest.MonkeyPatch, location: SpacesLocation, method: str
) -> None:
    monkeypatch.setenv("SPACES_SECRET_ACCESS_KEY", CANARY)
    with pytest.raises(
        StorageCredentialError, match=f"{location.bucket} .digitalocean, SGP1"
    ) as caught:
        getattr(locations("digitalocean"), method)(location)
    assert CANARY not in f"{caught.value} {caught.value!r}"
