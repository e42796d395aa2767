"""What the tests of S3 have in common: what is declared, and who looks on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from realtimekit_provider.api.models.storage_config import AwsStorageConfig
from realtimekit_provider.errors import StorageError
from realtimekit_provider.storage.backends.aws.models import AwsLocation, AwsWriter

CANARY = "CANARY" * 7
MARK = "ab12cd34"
REGION = "eu-west-1"
_SETTINGS = (
    "bucket_policy",
    "bucket_tagging",
    "public_access_block",
    "bucket_lifecycle_configuration",
)
HARMLESS = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}


def declared(**changed: Any) -> AwsLocation:
    """A location whose policy does not stop a stand-in that overlooks its condition."""
    named = {"bucket": f"recordings-{uuid4().hex[:12]}", "region": REGION, "tls_only": False}
    return AwsLocation(**{**named, **changed})


def parse_writer(location: AwsLocation, **changed: Any) -> AwsWriter:
    named = {"name": "archive", "mark": uuid4().hex[:8], "bucket": location.bucket}
    return AwsWriter(**{**named, "prefix": "calls/tracks", "region": location.region, **changed})


def config_of(
    location: AwsLocation, credential: Mapping[str, str], **changed: Any
) -> AwsStorageConfig:
    named = {
        "type": "aws",
        "bucket": location.bucket,
        "region": location.region,
        "path": "calls/tracks",
    }
    return AwsStorageConfig(**{**named, **credential, **changed})


def with_on_delete(location: AwsLocation, on_delete: str) -> AwsLocation:
    return AwsLocation(**{**location.model_dump(), "on_delete": on_delete})


def keep_versions(s3: Any, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def settings_of(s3: Any, bucket: str) -> Any:
    found: dict[str, Any] = {}
    for name in _SETTINGS:
        try:
            found[name] = {**getattr(s3, f"get_{name}")(Bucket=bucket), "ResponseMetadata": None}
        except ClientError as error:
            found[name] = str(error)
    return found


def deny(action: str) -> list[dict[str, Any]]:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return [everything, {"Effect": "Deny", "Action": action, "Resource": "*"}]


def assert_no_secret_in(caught: pytest.ExceptionInfo[StorageError], config: Any) -> None:
    text = f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
    assert CANARY not in text
    assert config.access_key.get_secret_value() not in text
    assert config.secret.get_secret_value() not in text
