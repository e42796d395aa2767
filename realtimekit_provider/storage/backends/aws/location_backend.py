"""S3 buckets: private, encrypted, owner-enforced, TLS only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, ClassVar

from typing_extensions import override

from realtimekit_provider.constants import MARK_KEY
from realtimekit_provider.errors import StorageConflictError
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.aws.administrator import build_administrator_context
from realtimekit_provider.storage.backends.aws.bucket_settings import (
    apply_settings,
    read_settings,
)
from realtimekit_provider.storage.backends.aws.bucket_tags import (
    build_tagging_command,
    read_tags,
    replace_tag,
)
from realtimekit_provider.storage.backends.aws.models import AwsLocation
from realtimekit_provider.storage.backends.aws.partitions import build_bucket_arn
from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.ports import LocationBackend
from realtimekit_provider.storage.backends.s3.bucket_settings import read_rules, read_statements
from realtimekit_provider.storage.backends.s3.buckets import create_bucket, is_in_other_account
from realtimekit_provider.storage.backends.s3.client import create_client
from realtimekit_provider.storage.backends.s3.errors import get_code, import_sdk, translate_errors
from realtimekit_provider.storage.backends.s3.location_client import S3LocationClient

__all__ = ["AwsLocationBackend"]


class AwsLocationBackend(LocationBackend[AwsLocation]):
    """S3 buckets, administered with the credentials of boto3's own chain."""

    @override
    @contextmanager
    def connect(self, location: AwsLocation) -> Iterator[S3LocationClient[AwsLocation]]:
        about = describe("bucket", location.bucket, "aws", location.region)
        context = build_administrator_context(
            about, build_bucket_arn(location.bucket, location.region)
        )
        region = normalize_region(location.region)
        with translate_errors(context), closing(create_client("s3", region)) as s3:
            yield _AwsLocationClient(s3, location, context)


class _AwsLocationClient(S3LocationClient[AwsLocation]):
    reports_region: ClassVar[bool] = True
    written_at_once = "tags"

    @override
    def exists(self) -> bool:
        """AWS answers 403 to whoever lacks rights, and for the bucket of another account."""
        try:
            return super().exists()
        except import_sdk("botocore.exceptions").ClientError as error:
            bucket, existing = self._location.bucket, self._location.existing
            if get_code(error) != "403" or existing or not is_in_other_account(self._s3, bucket):
                raise
        raise StorageConflictError(
            f"{self.about}: another account has a bucket of this name. If it is yours, deploy with "
            "the credentials of its account; otherwise choose another name"
        )

    def _create_bucket(self) -> bool:
        bucket, region = self._location.bucket, normalize_region(self._location.region)
        constraint = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        is_new = create_bucket(
            self._s3,
            bucket,
            ObjectOwnership=self._location.ownership,
            **({} if region == "us-east-1" else constraint),
        )
        # The calls that follow may not know the bucket yet: S3 is eventually consistent here.
        waiting = {"Delay": 2, "MaxAttempts": 15}
        self._s3.get_waiter("bucket_exists").wait(Bucket=bucket, WaiterConfig=waiting)
        return is_new

    @override
    def read_mark(self) -> str | None:
        return read_tags(self._s3, self._location.bucket).get(MARK_KEY)

    @override
    def write_mark(self, mark: str, *, before: str | None) -> bool:
        return replace_tag(self._s3, self._location.bucket, MARK_KEY, before, mark)

    @override
    def build_mark_command(self, mark: str) -> str:
        bucket, region = self._location.bucket, normalize_region(self._location.region)
        return build_tagging_command(self._s3, bucket, region, MARK_KEY, mark)

    @override
    def apply_settings(self) -> None:
        apply_settings(self._s3, self._location)

    def _read_settings(self) -> dict[str, Any]:
        return read_settings(self._s3, self._location)

    def _is_unset(self) -> bool:
        bucket = self._location.bucket
        return not (
            read_tags(self._s3, bucket)
            or read_rules(self._s3, bucket)
            or read_statements(self._s3, bucket)
            or self._s3.get_bucket_versioning(Bucket=bucket).get("Status")
        )
