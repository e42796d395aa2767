"""S3 buckets: private, encrypted, owner-enforced, TLS only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, ClassVar

from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.aws.administrator import build_administrator_context
from realtimekit_provider.storage.backends.aws.bucket_settings import (
    apply_settings,
    read_settings,
)
from realtimekit_provider.storage.backends.aws.models import AwsLocation
from realtimekit_provider.storage.backends.aws.partitions import build_bucket_arn
from realtimekit_provider.storage.backends.errors import ErrorContext, describe
from realtimekit_provider.storage.backends.s3.client import create_client
from realtimekit_provider.storage.backends.s3.errors import translate_errors
from realtimekit_provider.storage.backends.s3.location_backend import S3LocationBackend

__all__ = ["AwsLocationBackend"]


class AwsLocationBackend(S3LocationBackend[AwsLocation]):
    """S3 buckets, administered with the credentials of boto3's own chain."""

    reports_region: ClassVar[bool] = True

    @contextmanager
    def _connect(self, location: AwsLocation) -> Iterator[tuple[Any, ErrorContext]]:
        about = describe("bucket", location.bucket, "aws", location.region)
        context = build_administrator_context(
            about, build_bucket_arn(location.bucket, location.region)
        )
        region = normalize_region(location.region)
        with translate_errors(context), closing(create_client("s3", region)) as client:
            yield client, context

    def _create_bucket(self, client: Any, location: AwsLocation) -> None:
        region = normalize_region(location.region)
        constraint = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(
            Bucket=location.bucket,
            ObjectOwnership=location.ownership,
            **({} if region == "us-east-1" else constraint),
        )
        # The calls that follow may not know the bucket yet: S3 is eventually consistent here.
        waiting = {"Delay": 2, "MaxAttempts": 15}
        client.get_waiter("bucket_exists").wait(Bucket=location.bucket, WaiterConfig=waiting)

    def _apply_settings(self, client: Any, location: AwsLocation) -> None:
        apply_settings(client, location)

    def _read_settings(self, client: Any, location: AwsLocation) -> dict[str, Any]:
        return read_settings(client, location)
