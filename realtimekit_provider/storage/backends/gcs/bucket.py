"""A declared Cloud Storage bucket, and the calls about it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from realtimekit_provider.errors import StorageConflictError, StorageSettingsError
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.errors import (
    build_conflict_error,
    build_not_found_error,
    describe,
)
from realtimekit_provider.storage.backends.gcs.api import (
    ApiCall,
    build_bucket_url,
    build_storage_url,
)
from realtimekit_provider.storage.backends.gcs.bucket_settings import build_settings, read_settings
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.gcs.session import GoogleSession

__all__ = ["GcsBucket"]

_LABEL = {"made-by": "realtimekit"}
_WORKERS = 8
_PAGE_SIZE = 1000
_NOT_FOUND = 404
_CONFLICT = 409

_State = dict[str, Any]


class GcsBucket:
    """A declared bucket; what the methods return is the bucket as the API describes it.

    Attributes:
        about: The bucket, as an error text begins with it.
    """

    def __init__(self, location: GcsLocation) -> None:
        project = f"project {location.project}"
        self.about = describe("bucket", location.bucket, "gcs", location.region, project)
        self._location = location
        self._session = GoogleSession.for_administrator(self.about, location.project)
        self._url = build_bucket_url(location.bucket)

    def create(self) -> _State | None:
        """Create the bucket; ``None`` where the name is taken, perhaps by ourselves."""
        body = {"name": self._location.bucket, "location": self._location.region.upper()}
        call = self._build_call("POST", "buckets.insert", "storage.buckets.create")
        call = replace(
            call,
            url=build_storage_url("storage/v1/b"),
            params={"project": self._location.project},
            body={**body, "labels": _LABEL, **build_settings(self._location)},
        )
        response = self._session.send(call, _CONFLICT)
        return None if response.status == _CONFLICT else response.data

    def adopt(self) -> _State:
        """Take over the bucket that an interrupted run of ours has created.

        One that holds objects and not our label is somebody's: to take it over would put
        their objects at the mercy of our retention and of ``on_delete``.

        Raises:
            StorageConflictError: It is somebody's.
        """
        state = self._find_in_project()
        if not _LABEL.items() <= state.get("labels", {}).items() and self._list_objects(1):
            raise build_conflict_error(self.about)
        return state

    def _find_in_project(self) -> _State:
        call = self._build_call("GET", "buckets.list", "storage.buckets.list")
        params = {"project": self._location.project, "prefix": self._location.bucket}
        call = replace(call, url=build_storage_url("storage/v1/b"), params=params)
        for state in self._session.send(call).data.get("items", []):
            if state["name"] == self._location.bucket:
                return dict(state)
        raise StorageConflictError(
            f"{self.about}: the name is taken by another project. Choose another name: bucket "
            "names are shared by all users of Google Cloud."
        )

    def find(self) -> _State | None:
        """Return the bucket, ``None`` where it does not exist."""
        call = self._build_call("GET", "buckets.get", "storage.buckets.get")
        response = self._session.send(call, _NOT_FOUND)
        return None if response.status == _NOT_FOUND else response.data

    def require(self) -> _State:
        """Return the bucket, or raise that it does not exist."""
        state = self.find()
        if state is None:
            raise build_not_found_error(self.about, existing=self._location.existing)
        return state

    def apply_settings(self, state: _State) -> None:
        """Bring a bucket to what is declared; its region can never be changed.

        Raises:
            StorageSettingsError: It is in another region.
        """
        declared = normalize_region(self._location.region)
        if normalize_region(state.get("location", "")) != declared:
            raise StorageSettingsError(
                f"{self.about}: it exists already in {state.get('location')}, and a bucket cannot "
                "move. Declare that region, or choose another name."
            )
        if read_settings(self._location, state) != self._location:
            call = self._build_call("PATCH", "buckets.patch", "storage.buckets.update")
            self._session.send(replace(call, body=build_settings(self._location)))

    def delete_objects(self) -> None:
        """Delete all objects in all versions, a page at a time."""
        while page := self._list_objects(_PAGE_SIZE):
            with ThreadPoolExecutor(_WORKERS) as workers:
                list(workers.map(self._delete_object, page))

    def delete_if_empty(self) -> bool:
        """Delete the bucket unless it holds objects, and return whether it is gone."""
        if self._list_objects(1):
            return False
        call = self._build_call("DELETE", "buckets.delete", "storage.buckets.delete")
        return self._session.send(call, _NOT_FOUND, _CONFLICT).status != _CONFLICT

    def _list_objects(self, limit: int) -> list[_State]:
        call = self._build_call("GET", "objects.list", "storage.objects.list", "/o")
        call = replace(call, params={"versions": "true", "maxResults": str(limit)})
        objects: list[_State] = self._session.send(call, _NOT_FOUND).data.get("items", [])
        return objects

    def _delete_object(self, found: _State) -> None:
        path = f"/o/{quote(found['name'], safe='')}"
        call = self._build_call("DELETE", "objects.delete", "storage.objects.delete", path)
        params = {"generation": str(found["generation"])} if "generation" in found else {}
        self._session.send(replace(call, params=params), _NOT_FOUND)

    def _build_call(self, method: str, operation: str, permission: str, path: str = "") -> ApiCall:
        return ApiCall(method, f"{self._url}{path}", self.about, operation, permission)
