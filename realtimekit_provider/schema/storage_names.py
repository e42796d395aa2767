"""Names of storage: buckets and containers, regions, paths."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from realtimekit_provider.schema.values import match_pattern

__all__ = ["BucketName", "ObjectPath", "RegionName"]

BucketName = Annotated[
    str,
    match_pattern(
        r"[A-Za-z0-9][A-Za-z0-9._-]{1,220}[A-Za-z0-9]",
        "must be a bucket's name alone: 3 or more letters, digits, '.', '_' or '-'",
    ),
]
"""The name of a bucket or container, without scheme, host or path."""

RegionName = Annotated[
    str, match_pattern(r"[A-Za-z0-9-]+", "must be a region's name, such as us-east-1")
]
"""The name of a cloud's region, in the cloud's own spelling."""


def _check_object_path(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f\\]", text):
        raise ValueError("must not contain control characters or backslashes")
    if ".." in text.split("/"):
        raise ValueError("must not contain '..'")
    return text


ObjectPath = Annotated[str, AfterValidator(_check_object_path)]
"""A folder in a bucket or on a server, its parts separated by ``/``."""
