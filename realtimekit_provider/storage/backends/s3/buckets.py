"""What AWS and Spaces have in common: buckets as S3 knows them, and the proof of writing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Literal

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotEmptyError,
    StorageNotFoundError,
)
from realtimekit_provider.storage.backends.endpoints import require_encrypted
from realtimekit_provider.storage.backends.s3.bucket_settings import has_our_lifecycle
from realtimekit_provider.storage.backends.s3.errors import (
    ELSEWHERE_CODES,
    ErrorContext,
    code_of,
    none_if_missing,
    sdk,
    translate_errors,
)
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = [
    "claim",
    "client",
    "delete_bucket",
    "find_region",
    "prove",
    "require",
]

_PROBE = ".realtimekit-write-test-"
_PAGE = 1000


def client(service: str, region: str, **options: Any) -> Any:
    """Return an SDK client that gives up soon instead of holding up a deployment.

    Each has a session of its own: sessions are not made for threads, and credentials may be
    others by the next run in the same process. What is costly in one, the description of
    AWS's APIs, is read once.
    """
    settings = sdk("botocore.config").Config(
        connect_timeout=10,
        read_timeout=30,
        retries={"total_max_attempts": 2, "mode": "standard"},
        **options.pop("settings", {}),
    )
    core = sdk("botocore.session").Session()
    core.register_component("data_loader", _descriptions())
    session = sdk("boto3").session.Session(botocore_session=core)
    made = session.client(service, region_name=region, config=settings, **options)
    require_encrypted(made.meta.endpoint_url, "the endpoint (AWS_ENDPOINT_URL, endpoint)")
    return made


@cache
def _descriptions() -> Any:
    return sdk("botocore.loaders").create_loader()


def find_region(s3: Any, bucket: str) -> str | None:
    """Return a bucket's region, empty where the cloud keeps it; ``None`` for no bucket."""
    answer = none_if_missing(s3.head_bucket, Bucket=bucket)
    return None if answer is None else str(answer.get("BucketRegion") or "")


def require(s3: Any, location: S3BucketModel, context: ErrorContext) -> None:
    """Refuse a bucket that does not exist or stands in another region."""
    region = find_region(s3, location.bucket)
    if region is None:
        raise StorageNotFoundError(
            f"{context.about} does not exist, and existing=True says that it does: make it or mend "
            "its name. Only if nobody else is to make it, take existing=True out: then it is this "
            "stack's own, made here, and deleted as on_delete says."
        )
    _same_region(region, location, context)


def claim(
    s3: Any, location: S3BucketModel, context: ErrorContext, make: Callable[[], None]
) -> None:
    """Make the bucket, or take over one that an interrupted run of ours has made.

    One that holds objects and not our life cycle is somebody's: to take it over would put
    their objects at the mercy of our retention and of ``on_delete``.
    """
    region = find_region(s3, location.bucket)
    if region is None:
        make()
        return
    _same_region(region, location, context)
    if not has_our_lifecycle(s3, location.bucket) and _holds_anything(s3, location.bucket):
        raise StorageCredentialError(
            f"{context.about} exists already and holds objects, and nothing says that this project "
            "made it. existing=True uses it and leaves it as it is; or choose another name."
        )


def _same_region(region: str, location: S3BucketModel, context: ErrorContext) -> None:
    if location.type == "aws" and region not in ("", location.region):
        raise StorageCredentialError(
            f"{context.about} is in the region {region}: declare region {region}, or another name."
        )


def delete_bucket(
    s3: Any, location: S3BucketModel, context: ErrorContext
) -> Literal["deleted", "kept"]:
    """Delete the bucket as its ``on_delete`` says.

    An unfinished upload counts as content: it may be the recording that is just being written.
    """
    if find_region(s3, location.bucket) is None:
        return "deleted"
    if location.on_delete == "force":
        _empty(s3, location.bucket, context)
    elif _holds_anything(s3, location.bucket):
        return _kept_unless_that_fails(location, context)
    try:
        none_if_missing(s3.delete_bucket, Bucket=location.bucket)
    except sdk("botocore.exceptions").ClientError as error:
        if code_of(error) != "BucketNotEmpty":
            raise
        return _kept_unless_that_fails(location, context)
    return "deleted"


def _kept_unless_that_fails(location: S3BucketModel, context: ErrorContext) -> Literal["kept"]:
    if location.on_delete == "keep":
        return "kept"
    if location.on_delete == "force":
        raise StorageNotEmptyError(
            f"{context.about} was emptied and is not empty: something still writes to it. "
            "End that, and run again."
        )
    raise StorageNotEmptyError(
        f"{context.about} holds objects or unfinished uploads, and on_delete is fail: nothing was "
        "deleted. Move them away, or declare on_delete keep (the bucket stays) or force (they "
        "are deleted), run 'pulumi up', and then delete it."
    )


def _holds_anything(s3: Any, bucket: str) -> bool:
    if _some_versions(s3, bucket):
        return True
    uploads = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    return any(_PROBE not in upload["Key"] for upload in uploads)


def _empty(s3: Any, bucket: str, context: ErrorContext) -> None:
    """Page by page from the start: where a page ended is no mark once it is deleted."""
    while found := _some_versions(s3, bucket):
        _delete_objects(s3, bucket, found, context)
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", []):
            with suppress(s3.exceptions.NoSuchUpload):
                _abort(s3, bucket, upload)


def _some_versions(s3: Any, bucket: str) -> list[Mapping[str, Any]]:
    page = s3.list_object_versions(Bucket=bucket, MaxKeys=_PAGE)
    return [*page.get("Versions", []), *page.get("DeleteMarkers", [])]


def _delete_objects(
    s3: Any, bucket: str, found: list[Mapping[str, Any]], context: ErrorContext
) -> None:
    names = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": names, "Quiet": True})
    if errors := answer.get("Errors"):
        raise StorageCredentialError(
            f"{context.about}: {len(errors)} of {len(names)} objects could not be deleted "
            f"({errors[0].get('Code')}). Grant s3:DeleteObject and s3:DeleteObjectVersion on "
            f"the objects of {context.resource}, or lift their lock, and run again."
        )


def _abort(s3: Any, bucket: str, upload: Mapping[str, Any]) -> None:
    s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])


def _refuse_to_follow(s3: Any, context: ErrorContext) -> None:
    """The SDK follows a bucket to its region; whoever writes the recordings may not."""

    def refuse(response: Any, **_: object) -> None:
        if response is None:
            return
        error = response[1].get("Error", {})
        if error.get("Code") in ELSEWHERE_CODES:
            headers = response[1].get("ResponseMetadata", {}).get("HTTPHeaders", {})
            region = headers.get("x-amz-bucket-region") or error.get("Region") or "another region"
            raise StorageCredentialError(
                f"{context.about} is in {region} ({error['Code']}): fix the region of the "
                "storage_config."
            )

    s3.meta.events.register_first("needs-retry.s3", refuse)


def prove(s3: Any, bucket: str, path: str | None, context: ErrorContext) -> None:
    """Begin an upload below the path and abort it: nothing becomes visible, nothing stays."""
    folder = (path or "").strip("/")
    key = f"{folder}/{_PROBE}{secrets.token_hex(8)}".lstrip("/")
    _refuse_to_follow(s3, context)
    with translate_errors(context):
        upload = s3.create_multipart_upload(Bucket=bucket, Key=key)
        _abort(s3, bucket, {"Key": key, "UploadId": upload["UploadId"]})
