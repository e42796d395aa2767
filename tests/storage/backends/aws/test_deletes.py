"""What becomes of S3 buckets that hold objects, and how administrators are text no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from realtimekit_provider.errors import StorageCredentialError, StorageNotEmptyError
from realtimekit_provider.storage.backends.aws.models import AwsLocation
from realtimekit_provider.storage.backends.s3 import buckets as s3
from realtimekit_provider.storage.backends.s3.error_codes import get_permission
from realtimekit_provider.storage.backends.s3.location_client import S3LocationClient
from tests.storage.backends.aws.aws_setup import (
    CANARY,
    declared,
    deny,
    keep_versions,
    settings_of,
    with_on_delete,
)
from tests.storage.locations import OWN_MARK, locations
from tools.test_servers.moto_server import MotoServer

pytestmark = pytest.mark.usefixtures("aws_environment")


@pytest.fixture
def location() -> AwsLocation:
    """A bucket that is there."""
    location = declared(retention_days=30)
    locations("aws").create(location)
    return location


def _an_object(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="calls/a.webm", Body=b"1")


def _an_old_version(s3: Any, bucket: str) -> None:
    keep_versions(s3, bucket)
    _an_object(s3, bucket)
    s3.delete_object(Bucket=bucket, Key="calls/a.webm")


def _an_unfinished_upload(s3: Any, bucket: str) -> None:
    s3.create_multipart_upload(Bucket=bucket, Key="calls/a.webm")


CONTENTS = [_an_object, _an_old_version, _an_unfinished_upload]


@pytest.mark.parametrize("put", CONTENTS)
def test_a_bucket_that_holds_something_is_kept_by_default(
    admin: Any, location: AwsLocation, put: Callable[[Any, str], None]
) -> None:
    put(admin, location.bucket)
    before = settings_of(admin, location.bucket)
    assert locations("aws").delete(location) == "kept"
    after = settings_of(admin, location.bucket)
    assert after.pop("bucket_tagging")["TagSet"] == [
        {"Key": "realtimekit-mark", "Value": f"released-{OWN_MARK}"}
    ]
    assert after == {key: before[key] for key in after}


@pytest.mark.parametrize("put", CONTENTS)
def test_a_bucket_that_holds_something_can_be_made_to_fail(
    admin: Any, location: AwsLocation, put: Callable[[Any, str], None]
) -> None:
    put(admin, location.bucket)
    with pytest.raises(
        StorageNotEmptyError, match=rf"{location.bucket} .*holds objects .*on_delete"
    ):
        locations("aws").delete(with_on_delete(location, "fail"))
    assert locations("aws").read(location) is not None


@pytest.mark.parametrize("put", CONTENTS)
def test_a_forced_delete_takes_everything(
    admin: Any, location: AwsLocation, put: Callable[[Any, str], None]
) -> None:
    put(admin, location.bucket)
    assert locations("aws").delete(with_on_delete(location, "force")) == "deleted"
    assert locations("aws").read(location) is None


def test_a_forced_delete_goes_on_page_by_page(
    admin: Any, location: AwsLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "_PAGE_SIZE", 2)
    keep_versions(admin, location.bucket)
    for number in range(10):
        admin.put_object(Bucket=location.bucket, Key=f"calls/{number % 5} ü&<.webm", Body=b"1")
    assert locations("aws").delete(with_on_delete(location, "force")) == "deleted"


@pytest.mark.parametrize("on_delete", ["keep", "fail", "force"])
def test_an_empty_bucket_is_deleted_whatever_is_declared(
    location: AwsLocation, on_delete: str
) -> None:
    assert locations("aws").delete(with_on_delete(location, on_delete)) == "deleted"


@pytest.mark.parametrize(
    ("on_delete", "raised"), [("keep", None), ("fail", "holds"), ("force", "still writes")]
)
def test_an_object_that_comes_in_the_last_moment_is_not_lost(
    admin: Any,
    location: AwsLocation,
    monkeypatch: pytest.MonkeyPatch,
    on_delete: str,
    raised: str | None,
) -> None:
    _an_object(admin, location.bucket)
    monkeypatch.setattr(S3LocationClient, "find_content", lambda _: None)
    monkeypatch.setattr(S3LocationClient, "delete_content", lambda _: None)
    if raised is None:
        assert locations("aws").delete(with_on_delete(location, on_delete)) == "kept"
    else:
        with pytest.raises(StorageNotEmptyError, match=raised):
            locations("aws").delete(with_on_delete(location, on_delete))
    assert admin.get_object(Bucket=location.bucket, Key="calls/a.webm")["Body"].read() == b"1"


def test_a_probe_that_was_cut_off_does_not_keep_a_bucket(admin: Any, location: AwsLocation) -> None:
    key = "calls/tracks/.realtimekit-write-test-0123"
    admin.create_multipart_upload(Bucket=location.bucket, Key=key)
    assert locations("aws").delete(location) == "deleted"


# Administrators' refusals

METHODS = ["create", "read", "update", "delete"]


@pytest.mark.parametrize("method", METHODS)
def test_without_credentials_it_says_where_they_come_from(
    monkeypatch: pytest.MonkeyPatch, location: AwsLocation, method: str
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(
        StorageCredentialError, match=f"{location.bucket}.*no credentials.*AWS_PROFILE"
    ):
        getattr(locations("aws"), method)(location)


@pytest.mark.parametrize("method", METHODS)
def test_a_profile_that_does_not_exist_is_named_as_such(
    monkeypatch: pytest.MonkeyPatch, location: AwsLocation, method: str
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(StorageCredentialError, match=r"incomplete.*ProfileNotFound"):
        getattr(locations("aws"), method)(location)


@pytest.mark.parametrize("method", METHODS)
def test_wrong_administrators_credentials_are_refused_without_quoting_them(
    monkeypatch: pytest.MonkeyPatch, location: AwsLocation, method: str
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    with pytest.raises(
        StorageCredentialError, match=f"{location.bucket} .aws, eu-west-1."
    ) as caught:
        getattr(locations("aws"), method)(location)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("action", "method"),
    [
        ("s3:CreateBucket", "create"),
        ("s3:PutLifecycleConfiguration", "update"),
        ("s3:GetLifecycleConfiguration", "read"),
        ("s3:GetBucketPolicy", "read"),
        ("s3:DeleteBucket", "delete"),
        ("s3:ListBucketVersions", "delete"),
    ],
)
def test_a_missing_permission_is_named(
    moto: MotoServer,
    monkeypatch: pytest.MonkeyPatch,
    location: AwsLocation,
    action: str,
    method: str,
) -> None:
    key, secret = moto.create_user(f"limited-{uuid4().hex[:8]}", *deny(action))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    asked = declared() if method == "create" else location
    with pytest.raises(StorageCredentialError, match=f"lack {action}. Grant it on arn:aws:s3:::"):
        getattr(locations("aws"), method)(asked)


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        ("PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("PutBucketEncryption", "s3:PutEncryptionConfiguration"),
        ("PutBucketPolicy", "s3:PutBucketPolicy"),
        ("DeleteAccessKey", "iam:DeleteAccessKey"),
        ("ListGroupsForUser", "iam:ListGroupsForUser"),
    ],
)
def test_permissions_that_are_not_called_like_their_operations(
    operation: str, permission: str
) -> None:
    """The stand-in does not ask for some of them, or under other names."""
    assert get_permission(operation) == permission


def test_objects_that_cannot_be_deleted_are_counted(
    moto: MotoServer, monkeypatch: pytest.MonkeyPatch, admin: Any, location: AwsLocation
) -> None:
    _an_object(admin, location.bucket)
    denied = deny("s3:DeleteObject")
    key, secret = moto.create_user(f"limited-{uuid4().hex[:8]}", *denied)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    with pytest.raises(StorageCredentialError, match="s3:DeleteObject"):
        locations("aws").delete(with_on_delete(location, "force"))
    assert admin.get_object(Bucket=location.bucket, Key="calls/a.webm")["Body"].read() == b"1"
