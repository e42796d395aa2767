"""The tags of an S3 bucket, one of which is its mark."""

from __future__ import annotations

import json
import shlex
from typing import Any

from realtimekit_provider.storage.backends.s3.errors import none_if_missing

__all__ = ["build_tagging_command", "read_tags", "replace_tag"]


def read_tags(s3: Any, bucket: str) -> dict[str, str]:
    """Return the value of each tag."""
    answer = none_if_missing(s3.get_bucket_tagging, Bucket=bucket) or {}
    return {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", [])}


def replace_tag(s3: Any, bucket: str, key: str, before: str | None, value: str) -> bool:
    """Set one tag unless it is no longer ``before``; return whether it was set.

    S3 only takes all tags at once.
    """
    tags = read_tags(s3, bucket)
    if tags.get(key) != before:
        return False
    s3.put_bucket_tagging(Bucket=bucket, Tagging=_build_tagging({**tags, key: value}))
    return True


def build_tagging_command(s3: Any, bucket: str, region: str, key: str, value: str) -> str:
    """Return the command that sets one tag and keeps all others."""
    tagging = json.dumps(_build_tagging({**read_tags(s3, bucket), key: value}))
    return (
        f"aws s3api put-bucket-tagging --region {region} --bucket {bucket} "
        f"--tagging {shlex.quote(tagging)}"
    )


def _build_tagging(tags: dict[str, str]) -> dict[str, Any]:
    return {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}
