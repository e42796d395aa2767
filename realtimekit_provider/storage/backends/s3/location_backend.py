"""Buckets as locations, for each cloud that speaks S3."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Generic, Literal, TypeVar

from realtimekit_provider.errors import StorageSettingsError
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.errors import ErrorContext, build_not_found_error
from realtimekit_provider.storage.backends.s3.buckets import (
    delete_bucket,
    find_region,
    require_ours,
)
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = ["S3LocationBackend"]

_Bucket = TypeVar("_Bucket", bound=S3BucketModel)


class S3LocationBackend(ABC, Generic[_Bucket]):
    """Buckets of one cloud; the methods are those of the port ``LocationBackend``.

    Attributes:
        reports_region: Whether the cloud says in which region a bucket is, as it is declared.
    """

    reports_region: ClassVar[bool]

    @abstractmethod
    def _connect(self, location: _Bucket) -> AbstractContextManager[tuple[Any, ErrorContext]]:
        """Open a client with the administrator's credentials; errors inside are translated."""

    @abstractmethod
    def _create_bucket(self, client: Any, location: _Bucket) -> None:
        """Create a bucket that does not exist."""

    @abstractmethod
    def _apply_settings(self, client: Any, location: _Bucket) -> None:
        """Give the bucket the settings that are declared."""

    @abstractmethod
    def _read_settings(self, client: Any, location: _Bucket) -> dict[str, Any]:
        """Return those fields of the location that settings of the bucket can change."""

    def create(self, location: _Bucket) -> None:
        with self._connect(location) as (client, context):
            region = find_region(client, location.bucket)
            if region is not None:
                self._require_region(region, location, context)
            if location.existing:
                if region is None:
                    raise build_not_found_error(context.about, existing=True)
                return
            if region is None:
                self._create_bucket(client, location)
            else:
                require_ours(client, location.bucket, context)
            self._apply_settings(client, location)

    def read(self, location: _Bucket) -> _Bucket | None:
        with self._connect(location) as (client, _):
            if find_region(client, location.bucket) is None:
                return None
            if location.existing:
                return location
            return location.model_copy(update=self._read_settings(client, location))

    def update(self, location: _Bucket) -> None:
        if location.existing:
            return
        with self._connect(location) as (client, _):
            self._apply_settings(client, location)

    def delete(self, location: _Bucket) -> Literal["deleted", "kept"]:
        if location.existing:
            return "kept"
        with self._connect(location) as (client, context):
            return delete_bucket(client, location, context)

    def _require_region(self, region: str, location: _Bucket, context: ErrorContext) -> None:
        declared = normalize_region(location.region)
        if self.reports_region and normalize_region(region) not in {"", declared}:
            raise StorageSettingsError(
                f"{context.about}: the bucket is in the region {region}. Declare that region, or "
                "choose another name."
            )
