"""Whether a key can write: an upload that is started and aborted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from realtimekit_provider.errors import StorageSettingsError
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.s3.error_codes import OTHER_REGION_CODES
from realtimekit_provider.storage.backends.s3.errors import translate_errors

__all__ = ["PROBE_NAME", "abort_upload", "probe_upload"]

PROBE_NAME = ".realtimekit-write-test-"
"""What the key of each upload that is only a probe begins with, in its folder."""


def probe_upload(s3: Any, bucket: str, path: str | None, context: ErrorContext) -> None:
    """Start an upload below the path and abort it: nothing becomes visible, nothing stays."""
    folder = (path or "").strip("/")
    key = f"{folder}/{PROBE_NAME}{secrets.token_hex(8)}".lstrip("/")
    _refuse_other_regions(s3, context)
    with translate_errors(context):
        upload = s3.create_multipart_upload(Bucket=bucket, Key=key)
        abort_upload(s3, bucket, {"Key": key, "UploadId": upload["UploadId"]})


def abort_upload(s3: Any, bucket: str, upload: Mapping[str, Any]) -> None:
    """Abort a multipart upload, given its ``Key`` and ``UploadId``."""
    s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])


def _refuse_other_regions(s3: Any, context: ErrorContext) -> None:
    """The SDK follows a bucket to its region; whoever writes the recordings may not."""

    def refuse(response: Any, **_: object) -> None:
        if response is None:
            return
        error = response[1].get("Error", {})
        if error.get("Code") in OTHER_REGION_CODES:
            headers = response[1].get("ResponseMetadata", {}).get("HTTPHeaders", {})
            region = headers.get("x-amz-bucket-region") or error.get("Region") or "another region"
            raise StorageSettingsError(
                f"{context.about}: the bucket is in {region} ({error['Code']}). Correct the "
                "region of the storage_config."
            )

    s3.meta.events.register_first("needs-retry.s3", refuse)
