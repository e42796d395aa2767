"""Buckets as places, for each cloud that speaks S3."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from realtimekit_provider.clouds import s3
from realtimekit_provider.clouds.s3_errors import Asker
from realtimekit_provider.wire.places import AwsPlace, SpacesPlace

__all__ = ["S3Places"]

_Bucket = TypeVar("_Bucket", AwsPlace, SpacesPlace)


@dataclass(frozen=True)
class S3Places(Generic[_Bucket]):
    """Buckets of one cloud; see :class:`realtimekit_provider.clouds.ports.Places`.

    Attributes:
        administering: Opens a client with the administrator's credentials.
        make: Makes a bucket that does not exist.
        settle: Gives a bucket the settings that are declared.
        as_it_is: Reads those of a place's fields that settings can change.
    """

    administering: Callable[[_Bucket], AbstractContextManager[tuple[Any, Asker]]]
    make: Callable[[Any, _Bucket], None]
    settle: Callable[[Any, _Bucket], None]
    as_it_is: Callable[[Any, _Bucket], dict[str, Any]]

    def create(self, place: _Bucket) -> None:
        with self.administering(place) as (client, asker):
            if place.existing:
                s3.require(client, place, asker)
                return
            s3.claim(client, place, asker, lambda: self.make(client, place))
            self.settle(client, place)

    def read(self, place: _Bucket) -> _Bucket | None:
        with self.administering(place) as (client, _):
            if s3.region_of(client, place.bucket) is None:
                return None
            if place.existing:
                return place
            return place.model_copy(update=self.as_it_is(client, place))

    def update(self, place: _Bucket) -> None:
        if place.existing:
            return
        with self.administering(place) as (client, _):
            self.settle(client, place)

    def delete(self, place: _Bucket) -> Literal["deleted", "kept"]:
        if place.existing:
            return "kept"
        with self.administering(place) as (client, asker):
            return s3.delete_bucket(client, place, asker)
