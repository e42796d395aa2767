"""Cloud Storage buckets: uniform access, public access prevented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from realtimekit_provider.storage.backends.gcs.bucket import GcsBucket
from realtimekit_provider.storage.backends.gcs.bucket_settings import read_settings
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.ports import LocationClient

__all__ = ["GcsLocationBackend"]

_LABEL = "realtimekit-mark"


class GcsLocationBackend:
    """Buckets, administered with the Application Default Credentials."""

    @contextmanager
    def connect(self, location: GcsLocation) -> Iterator[LocationClient[GcsLocation]]:
        yield _GcsLocationClient(location)


class _GcsLocationClient(LocationClient[GcsLocation]):
    def __init__(self, location: GcsLocation) -> None:
        self._bucket = GcsBucket(location)
        self.about = self._bucket.about
        self._location = location

    def exists(self) -> bool:
        return self._bucket.find() is not None

    def create(self, mark: str) -> bool:  # noqa: ARG002
        if self._bucket.create() is None:
            self._bucket._find_in_project()  # noqa: SLF001
            return False
        return True

    def read(self) -> GcsLocation:
        return read_settings(self._location, self._bucket.require())

    def read_mark(self) -> str | None:
        labels: dict[str, str] = self._bucket.require().get("labels", {})
        return labels.get(_LABEL)

    def write_mark(self, mark: str) -> None:
        call = self._bucket._build_call(  # noqa: SLF001
            "PATCH", "buckets.patch", "storage.buckets.update"
        )
        body: Any = {"labels": {**self._bucket.require().get("labels", {}), _LABEL: mark}}
        self._bucket._session.send(replace(call, body=body))  # noqa: SLF001

    def build_mark_command(self, mark: str) -> str:
        bucket = self._location.bucket
        return f"gcloud storage buckets update gs://{bucket} --update-labels={_LABEL}={mark}"

    def is_leftover(self) -> bool:
        return self._bucket.require().get("labels") == {"made-by": "realtimekit"}

    def apply_settings(self) -> None:
        self._bucket.apply_settings(self._bucket.require())

    def find_content(self) -> str | None:
        objects = self._bucket._list_objects(1)  # noqa: SLF001
        return str(objects[0]["name"]) if objects else None

    def delete_content(self) -> None:
        self._bucket.delete_objects()

    def delete(self) -> bool:
        return self._bucket.delete_if_empty()
