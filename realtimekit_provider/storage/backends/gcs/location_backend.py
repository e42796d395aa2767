"""Cloud Storage buckets: uniform access, public access prevented."""

from __future__ import annotations

from typing import Literal

from realtimekit_provider.storage.backends.gcs.bucket import GcsBucket
from realtimekit_provider.storage.backends.gcs.bucket_settings import read_settings
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.on_delete import keep_or_refuse, must_empty

__all__ = ["GcsLocationBackend"]


class GcsLocationBackend:
    """Buckets, administered with the Application Default Credentials."""

    def create(self, location: GcsLocation) -> None:
        bucket = GcsBucket(location)
        if location.existing:
            bucket.require()
        else:
            bucket.apply_settings(bucket.create() or bucket.adopt())

    def read(self, location: GcsLocation) -> GcsLocation | None:
        state = GcsBucket(location).find()
        return None if state is None else read_settings(location, state)

    def update(self, location: GcsLocation) -> None:
        if not location.existing:
            bucket = GcsBucket(location)
            bucket.apply_settings(bucket.require())

    def delete(self, location: GcsLocation) -> Literal["deleted", "kept"]:
        if location.existing:
            return "kept"
        bucket = GcsBucket(location)
        if bucket.find() is None:
            return "deleted"
        if must_empty(location.on_delete):
            bucket.delete_objects()
        if bucket.delete_if_empty():
            return "deleted"
        return keep_or_refuse(bucket.about, location.on_delete)
