"""Buckets as places, for each cloud that speaks S3."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from realtimekit_provider.storage.backends.s3 import buckets as s3
from realtimekit_provider.storage.backends.s3.errors import ErrorContext
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = ["S3LocationBackend"]

_Bucket = TypeVar("_Bucket", bound=S3BucketModel)


@dataclass(frozen=True)
class S3LocationBackend(Generic[_Bucket]):
    """Buckets of one cloud; see :mod:`realtimekit_provider.storage.backends.ports`.

    Attributes:
        administering: Opens a client with the administrator's credentials.
        make: Makes a bucket that does not exist.
        settle: Gives a bucket the settings that are declared.
        as_it_is: Reads those of a location's fields that settings can change.
    """

    administering: Callable[[_Bucket], AbstractContextManager[tuple[Any, ErrorContext]]]
    make: Callable[[Any, _Bucket], None]
    settle: Callable[[Any, _Bucket], None]
    as_it_is: Callable[[Any, _Bucket], dict[str, Any]]

    def create(self, location: _Bucket) -> None:
        with self.administering(location) as (client, context):
            if location.existing:
                s3.require(client, location, context)
                return
            s3.claim(client, location, context, lambda: self.make(client, location))
            self.settle(client, location)

    def read(self, location: _Bucket) -> _Bucket | None:
        with self.administering(location) as (client, _):
            if s3.find_region(client, location.bucket) is None:
                return None
            if location.existing:
                return location
            return location.model_copy(update=self.as_it_is(client, location))

    def update(self, location: _Bucket) -> None:
        if location.existing:
            return
        with self.administering(location) as (client, _):
            self.settle(client, location)

    def delete(self, location: _Bucket) -> Literal["deleted", "kept"]:
        if location.existing:
            return "kept"
        with self.administering(location) as (client, context):
            return s3.delete_bucket(client, location, context)
