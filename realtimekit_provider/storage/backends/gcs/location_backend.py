"""Cloud Storage buckets: uniform access, public access prevented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from realtimekit_provider.storage.backends.gcs.bucket import GcsBucket
from realtimekit_provider.storage.backends.gcs.models import GcsLocation

__all__ = ["GcsLocationBackend"]


class GcsLocationBackend:
    """Buckets, administered with the Application Default Credentials."""

    @contextmanager
    def connect(self, location: GcsLocation) -> Iterator[GcsBucket]:
        with closing(GcsBucket(location)) as bucket:
            yield bucket
