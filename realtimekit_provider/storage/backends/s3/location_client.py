"""Buckets as locations, for each cloud that speaks S3."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timezone
from typing import Any, ClassVar, TypeVar

from typing_extensions import override

from realtimekit_provider.errors import StorageSettingsError
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.ports import LocationClient
from realtimekit_provider.storage.backends.s3.buckets import (
    delete_bucket,
    delete_content,
    find_content,
    find_region,
    is_new_in_account,
)
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = ["S3LocationClient"]

_Bucket = TypeVar("_Bucket", bound=S3BucketModel)


class S3LocationClient(LocationClient[_Bucket]):
    """A declared bucket of a cloud that speaks S3.

    Attributes:
        reports_region: Whether the cloud says in which region a bucket is, as it is declared.
    """

    holds: ClassVar[str] = "objects or unfinished uploads"
    reports_region: ClassVar[bool]

    def __init__(self, s3: Any, location: _Bucket, context: ErrorContext) -> None:
        """Take an open client of the SDK.

        Args:
            s3: The client, with the administrator's credentials.
            location: What is declared.
            context: Who calls, for error texts.
        """
        self.about = context.about
        self._s3 = s3
        self._location = location
        self._context = context

    @abstractmethod
    def _create_bucket(self) -> bool:
        """Create a bucket that was not there a moment ago, and return whether it is new."""

    @abstractmethod
    def _read_settings(self) -> dict[str, Any]:
        """Return those fields of the location that settings of the bucket can change."""

    @abstractmethod
    def _is_unset(self) -> bool:
        """Whether the bucket lacks every setting of the kind that its mark is kept in."""

    @override
    def exists(self) -> bool:
        region = find_region(self._s3, self._location.bucket)
        if region is None:
            return False
        declared = normalize_region(self._location.region)
        if self.reports_region and normalize_region(region) not in {"", declared}:
            raise StorageSettingsError(
                f"{self.about}: the bucket is in the region {region}. Declare that region, or "
                "choose another name."
            )
        return True

    @override
    def create(self, mark: str) -> bool:
        return not self.exists() and self._create_bucket()

    @override
    def read(self) -> _Bucket:
        return self._location.model_copy(update=self._read_settings())

    @override
    def is_leftover(self) -> bool:
        bucket, now = self._location.bucket, datetime.now(timezone.utc)
        return (
            self._is_unset()
            and find_content(self._s3, bucket) is None
            and is_new_in_account(self._s3, bucket, now)
        )

    @override
    def find_content(self) -> str | None:
        return find_content(self._s3, self._location.bucket)

    @override
    def delete_content(self) -> None:
        delete_content(self._s3, self._location.bucket, self._context)

    @override
    def delete(self) -> bool:
        return delete_bucket(self._s3, self._location.bucket)
