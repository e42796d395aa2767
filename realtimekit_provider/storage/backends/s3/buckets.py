"""Buckets as AWS and Spaces know them: which region, whose account, what is in one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.s3.errors import get_code, import_sdk, none_if_missing
from realtimekit_provider.storage.backends.s3.write_probe import PROBE_NAME, abort_upload

__all__ = [
    "create_bucket",
    "delete_bucket",
    "delete_content",
    "find_content",
    "find_region",
    "is_in_other_account",
    "is_new_in_account",
]

_PAGE_SIZE = 1000
_NEW = timedelta(days=1)


def find_region(s3: Any, bucket: str) -> str | None:
    """Return a bucket's region, empty where the cloud does not tell; ``None`` for no bucket."""
    answer = none_if_missing(s3.head_bucket, Bucket=bucket)
    return None if answer is None else str(answer.get("BucketRegion") or "")


def create_bucket(s3: Any, bucket: str, **parameters: Any) -> bool:
    """Create a bucket, and return whether it is new; ``False`` where the account has it."""
    try:
        s3.create_bucket(Bucket=bucket, **parameters)
    except import_sdk("botocore.exceptions").ClientError as error:
        if get_code(error) != "BucketAlreadyOwnedByYou":
            raise
        return False
    return True


def is_new_in_account(s3: Any, bucket: str, now: datetime) -> bool:
    """Whether the bucket is this account's, and was created within the last day."""
    created = (one["CreationDate"] for one in s3.list_buckets()["Buckets"] if one["Name"] == bucket)
    return any(now - at < _NEW for at in created)


def is_in_other_account(s3: Any, bucket: str) -> bool:
    """Whether a bucket that exists is none of this account's; ``False`` where nobody tells."""
    try:
        owned = s3.list_buckets()["Buckets"]
    except import_sdk("botocore.exceptions").ClientError:
        return False
    return all(one["Name"] != bucket for one in owned)


def find_content(s3: Any, bucket: str) -> str | None:
    """Return the key of an object, of an old version, or of an upload that no write test left."""
    uploads = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    pending = [upload for upload in uploads if PROBE_NAME not in upload["Key"]]
    return next((str(one["Key"]) for one in [*_list_some_versions(s3, bucket), *pending]), None)


def delete_content(s3: Any, bucket: str, context: ErrorContext) -> None:
    """Delete everything, page by page from the start: where a page ended is gone with it."""
    while versions := _list_some_versions(s3, bucket):
        _delete_versions(s3, bucket, versions, context)
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", []):
            with suppress(s3.exceptions.NoSuchUpload):
                abort_upload(s3, bucket, upload)


def delete_bucket(s3: Any, bucket: str) -> bool:
    """Delete the bucket, and return whether it is gone; ``False`` where it holds objects."""
    try:
        none_if_missing(s3.delete_bucket, Bucket=bucket)
    except import_sdk("botocore.exceptions").ClientError as error:
        if get_code(error) != "BucketNotEmpty":
            raise
        return False
    return True


def _list_some_versions(s3: Any, bucket: str) -> list[Mapping[str, Any]]:
    page = s3.list_object_versions(Bucket=bucket, MaxKeys=_PAGE_SIZE)
    return [*page.get("Versions", []), *page.get("DeleteMarkers", [])]


def _delete_versions(
    s3: Any, bucket: str, versions: list[Mapping[str, Any]], context: ErrorContext
) -> None:
    objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    if errors := answer.get("Errors"):
        raise StorageCredentialError(
            f"{context.about}: {len(errors)} of {len(objects)} objects could not be deleted "
            f"({errors[0].get('Code')}). Grant s3:DeleteObject and s3:DeleteObjectVersion on "
            "its objects, or remove their object lock, and deploy again."
        )
