"""A declared Cloud Storage bucket, and the calls about it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageNotFoundError,
    StorageSettingsError,
)
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.errors import (
    build_conflict_error,
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

__all__ = ["GcsBucket"]

_LABEL = {"made-by": "realtimekit"}
_WORKERS = 8
_PAGE_SIZE = 1000
_NOT_FOUND = 404
_CONFLICT = 409


class GcsBucket:
    """A declared bucket; what the methods return is the SDK's bucket, as it was read.

    Attributes:
        about: The bucket, as an error text begins with it.
    """

    def __init__(self, location: GcsLocation) -> None:
        project = f"project {location.project}"
        self.about = describe("bucket", location.bucket, "gcs", location.region, project)
        self._location = location
        self._client = StorageClient(find_administrator(self.about, location.project))

    def create(self) -> Any | None:
        """Create the bucket; ``None`` where the name is taken, perhaps by ourselves."""

        def send(client: Any) -> Any:
            bucket = client.bucket(self._location.bucket)
            bucket.labels = _LABEL
            declare_settings(self._location, bucket)
            return client.create_bucket(
                bucket,
                project=self._location.project,
                location=self._location.region.upper(),
                retry=None,
            )

        operation = Operation("buckets.insert", "storage.buckets.create")
        created = self._client.try_call(operation, send, _CONFLICT)
        return None if isinstance(created, ApiResponse) else created

    def adopt(self) -> Any:
        """Take over the bucket that an interrupted run of ours has created.

        One that holds objects and not our label is somebody's: to take it over would put
        their objects at the mercy of our retention and of ``on_delete``.

        Raises:
            StorageConflictError: It is somebody's.
        """
        bucket = self._find_in_project()
        if not _LABEL.items() <= bucket.labels.items() and self._list_objects(1):
            raise build_conflict_error(self.about)
        return bucket

    def _find_in_project(self) -> Any:
        name, project = self._location.bucket, self._location.project
        buckets = self._client.call(
            Operation("buckets.list", "storage.buckets.list"),
            lambda client: list(client.list_buckets(project=project, prefix=name, retry=None)),
        )
        for bucket in buckets:
            if bucket.name == name:
                return bucket
        raise StorageConflictError(
            f"{self.about}: the name is taken by another project. Choose another name: bucket "
            "names are shared by all users of Google Cloud."
        )

    def find(self) -> Any | None:
        """Return the bucket, ``None`` where it does not exist."""
        try:
            return self._client.call(
                Operation("buckets.get", "storage.buckets.get"),
                lambda client: client.get_bucket(self._location.bucket, retry=None),
            )
        except StorageNotFoundError:
            return None

    def require(self) -> Any:
        """Return the bucket, or raise that it does not exist."""
        bucket = self.find()
        if bucket is None:
            raise build_not_found_error(self.about, existing=self._location.existing)
        return bucket

    def apply_settings(self, actual: Any) -> None:
        """Bring a bucket to what is declared; its region can never be changed.

        Args:
            actual: The bucket, as it was read.

        Raises:
            StorageSettingsError: It is in another region.
        """
        if normalize_region(actual.location) != normalize_region(self._location.region):
            raise StorageSettingsError(
                f"{self.about}: it exists already in {actual.location}, and a bucket cannot "
                "move. Declare that region, or choose another name."
            )
        if read_settings(self._location, actual) != self._location:
            operation = Operation("buckets.patch", "storage.buckets.update")
            self._client.call(operation, self._patch)

    def _patch(self, client: Any) -> None:
        bucket = client.bucket(self._location.bucket)  # it sends what is declared, nothing else
        declare_settings(self._location, bucket)
        bucket.patch(retry=None)

    def delete_objects(self) -> None:
        """Delete all objects in all versions, a page at a time."""
        while page := self._list_objects(_PAGE_SIZE):
            with ThreadPoolExecutor(_WORKERS) as workers:
                list(workers.map(self._delete_object, page))

    def delete_if_empty(self) -> bool:
        """Delete the bucket unless it holds objects, and return whether it is gone."""
        if self._list_objects(1):
            return False
        refusal = self._client.try_call(
            Operation("buckets.delete", "storage.buckets.delete"),
            lambda client: client.bucket(self._location.bucket).delete(retry=None),
            _NOT_FOUND,
            _CONFLICT,
        )
        return not (isinstance(refusal, ApiResponse) and refusal.status == _CONFLICT)

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
