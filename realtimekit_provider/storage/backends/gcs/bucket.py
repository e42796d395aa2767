"""A declared Cloud Storage bucket, and the calls about it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from typing_extensions import override

from realtimekit_provider.constants import MARK_KEY
from realtimekit_provider.errors import (
    StorageConflictError,
    StorageNotFoundError,
    StorageSettingsError,
)
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.errors import (
    build_not_found_error,
    describe,
)
from realtimekit_provider.storage.backends.gcs.api import ApiResponse, Operation
from realtimekit_provider.storage.backends.gcs.bucket_settings import (
    declare_settings,
    read_settings,
)
from realtimekit_provider.storage.backends.gcs.credentials import find_administrator
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.gcs.storage_client import StorageClient
from realtimekit_provider.storage.backends.ports import LocationClient

__all__ = ["GcsBucket"]

_WORKERS = 8
_PAGE_SIZE = 1000
_NOT_FOUND = 404
_CONFLICT = 409
_CHANGED_MEANWHILE = 412


class GcsBucket(LocationClient[GcsLocation]):
    """A declared bucket."""

    def __init__(self, location: GcsLocation) -> None:
        project = f"project {location.project}"
        self.about = describe("bucket", location.bucket, "gcs", location.region, project)
        self._location = location
        self._client = StorageClient(find_administrator(self.about, location.project))

    def close(self) -> None:
        """Close the connections; no call may follow."""
        self._client.close()

    @override
    def exists(self) -> bool:
        return self._find() is not None

    @override
    def create(self, mark: str) -> bool:
        """Whether the name is taken by ourselves or by another project, the list says."""

        def send(client: Any) -> Any:
            bucket = client.bucket(self._location.bucket)
            bucket.labels = {MARK_KEY: mark}
            declare_settings(self._location, bucket)
            return client.create_bucket(
                bucket,
                project=self._location.project,
                location=self._location.region.upper(),
                retry=None,
            )

        operation = Operation("buckets.insert", "storage.buckets.create")
        created = self._client.try_call(operation, send, _CONFLICT)
        if isinstance(created, ApiResponse):
            self._require_in_project()
            self._require_region(self._require())
            return False
        return True

    @override
    def read(self) -> GcsLocation:
        return read_settings(self._location, self._require())

    @override
    def read_mark(self) -> str | None:
        labels: dict[str, str] = self._require().labels
        return labels.get(MARK_KEY)

    @override
    def write_mark(self, mark: str, *, before: str | None) -> bool:
        actual = self._require()
        if actual.labels.get(MARK_KEY) != before:
            return False

        def send(client: Any) -> None:
            bucket = client.bucket(self._location.bucket)  # it sends this label, nothing else
            bucket.labels = {MARK_KEY: mark}
            bucket.patch(if_metageneration_match=actual.metageneration, retry=None)

        operation = Operation("buckets.patch", "storage.buckets.update")
        return not isinstance(
            self._client.try_call(operation, send, _CHANGED_MEANWHILE), ApiResponse
        )

    @override
    def build_mark_command(self, mark: str) -> str:
        return (
            f"gcloud storage buckets update gs://{self._location.bucket} "
            f"--update-labels={MARK_KEY}={mark}"
        )

    @override
    def apply_settings(self) -> None:
        actual = self._require()
        self._require_region(actual)
        if read_settings(self._location, actual) != self._location:
            operation = Operation("buckets.patch", "storage.buckets.update")
            self._client.call(operation, self._patch)

    @override
    def find_content(self) -> str | None:
        return next((str(found.name) for found in self._list_objects(1)), None)

    @override
    def delete_content(self) -> None:
        """Delete all objects in all versions, a page at a time."""
        with ThreadPoolExecutor(_WORKERS) as workers:
            while page := self._list_objects(_PAGE_SIZE):
                # Each in the context of this operation, so that its call is logged on its row.
                deletions = [
                    workers.submit(copy_context().run, self._delete_object, one) for one in page
                ]
                for deletion in deletions:
                    deletion.result()

    @override
    def delete(self) -> bool:
        if self.find_content() is not None:
            return False
        refusal = self._client.try_call(
            Operation("buckets.delete", "storage.buckets.delete"),
            lambda client: client.bucket(self._location.bucket).delete(retry=None),
            _NOT_FOUND,
            _CONFLICT,
        )
        return not (isinstance(refusal, ApiResponse) and refusal.status == _CONFLICT)

    def _require_in_project(self) -> None:
        name, project = self._location.bucket, self._location.project
        buckets = self._client.call(
            Operation("buckets.list", "storage.buckets.list"),
            lambda client: list(client.list_buckets(project=project, prefix=name, retry=None)),
        )
        if not any(bucket.name == name for bucket in buckets):
            raise StorageConflictError(
                f"{self.about}: the name is taken by another project. Choose another name: bucket "
                "names are shared by all users of Google Cloud."
            )

    def _find(self) -> Any | None:
        try:
            return self._client.call(
                Operation("buckets.get", "storage.buckets.get"),
                lambda client: client.get_bucket(self._location.bucket, retry=None),
            )
        except StorageNotFoundError:
            return None

    def _require(self) -> Any:
        bucket = self._find()
        if bucket is None:
            raise build_not_found_error(self.about, existing=self._location.existing)
        return bucket

    def _require_region(self, actual: Any) -> None:
        if normalize_region(actual.location) != normalize_region(self._location.region):
            raise StorageSettingsError(
                f"{self.about}: it exists already in {actual.location}, and a bucket cannot "
                "move. Declare that region, or choose another name."
            )

    def _patch(self, client: Any) -> None:
        bucket = client.bucket(self._location.bucket)  # it sends what is declared, nothing else
        declare_settings(self._location, bucket)
        bucket.patch(retry=None)

    def _list_objects(self, limit: int) -> list[Any]:
        try:
            return self._client.call(
                Operation("objects.list", "storage.objects.list"),
                lambda client: list(
                    client.list_blobs(
                        self._location.bucket, max_results=limit, versions=True, retry=None
                    )
                ),
            )
        except StorageNotFoundError:
            return []

    def _delete_object(self, found: Any) -> None:
        self._client.try_call(
            Operation("objects.delete", "storage.objects.delete"),
            lambda client: client.bucket(self._location.bucket).delete_blob(
                found.name, generation=found.generation, retry=None
            ),
            _NOT_FOUND,
        )
