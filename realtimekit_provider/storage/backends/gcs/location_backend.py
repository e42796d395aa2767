"""Cloud Storage buckets: uniform access, public access prevented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from typing_extensions import override

from realtimekit_provider.storage.backends.gcs.bucket import GcsBucket
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.ports import LocationBackend

__all__ = ["GcsLocationBackend"]


class GcsLocationBackend(LocationBackend[GcsLocation]):
    """Buckets, administered with the Application Default Credentials."""

    @override
    @contextmanager
    def connect(self, location: GcsLocation) -> Iterator[GcsBucket]:
        with closing(GcsBucket(location)) as bucket:
            yield bucket
