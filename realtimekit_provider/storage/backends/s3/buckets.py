"""Buckets as AWS and Spaces know them: which region, whose, empty or not, and how to delete one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.backends.errors import (
    ErrorContext,
    build_conflict_error,
)
from realtimekit_provider.storage.backends.on_delete import keep_or_refuse, must_empty
from realtimekit_provider.storage.backends.s3.bucket_settings import has_our_lifecycle
from realtimekit_provider.storage.backends.s3.errors import get_code, import_sdk, none_if_missing
from realtimekit_provider.storage.backends.s3.models import S3BucketModel
from realtimekit_provider.storage.backends.s3.write_probe import PROBE_NAME, abort_upload

__all__ = ["delete_bucket", "find_region", "require_ours"]

_PAGE_SIZE = 1000


def find_region(s3: Any, bucket: str) -> str | None:
    """Return a bucket's region, empty where the cloud does not tell; ``None`` for no bucket."""
    answer = none_if_missing(s3.head_bucket, Bucket=bucket)
    return None if answer is None else str(answer.get("BucketRegion") or "")


def require_ours(s3: Any, bucket: str, context: ErrorContext) -> None:
    """Refuse a bucket that holds objects and not our lifecycle rules.

    To take it over would put somebody's objects at the mercy of our retention and of
    ``on_delete``. One that is empty may be what an interrupted run of ours has left.

    Raises:
        StorageConflictError: It is such a bucket.
    """
    if not has_our_lifecycle(s3, bucket) and _is_holding_objects(s3, bucket):
        raise build_conflict_error(context.about)


def delete_bucket(
    s3: Any, location: S3BucketModel, context: ErrorContext
) -> Literal["deleted", "kept"]:
    """Delete the bucket as its ``on_delete`` says.

    An unfinished upload counts as content: it may be the recording that is just being written.

    Raises:
        StorageNotEmptyError: It holds objects, and is not to be kept.
    """
    if find_region(s3, location.bucket) is None:
        return "deleted"
    if must_empty(location.on_delete):
        _delete_contents(s3, location.bucket, context)
    elif _is_holding_objects(s3, location.bucket):
        return _keep_or_refuse(location, context)
    try:
        none_if_missing(s3.delete_bucket, Bucket=location.bucket)
    except import_sdk("botocore.exceptions").ClientError as error:
        if get_code(error) != "BucketNotEmpty":
            raise
        return _keep_or_refuse(location, context)
    return "deleted"


def _keep_or_refuse(location: S3BucketModel, context: ErrorContext) -> Literal["kept"]:
    holds = "objects or unfinished uploads"
    return keep_or_refuse(context.about, location.on_delete, holds=holds)


def _is_holding_objects(s3: Any, bucket: str) -> bool:
    if _list_some_versions(s3, bucket):
        return True
    uploads = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    return any(PROBE_NAME not in upload["Key"] for upload in uploads)


def _delete_contents(s3: Any, bucket: str, context: ErrorContext) -> None:
    """Page by page from the start: where a page ended is no mark once it is deleted."""
    while versions := _list_some_versions(s3, bucket):
        _delete_versions(s3, bucket, versions, context)
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", []):
            with suppress(s3.exceptions.NoSuchUpload):
                abort_upload(s3, bucket, upload)


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
