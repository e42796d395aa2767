"""Cloud Storage: buckets, and the proof that a key can write to them."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import quote

from realtimekit_provider.api.models.storage_config import GcsStorageConfig, StorageConfig
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotEmptyError,
    StorageNotFoundError,
)
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.gcs.session import (
    Ask,
    GoogleSession,
    bucket_url,
    storage_url,
)

__all__ = ["GcsLocationBackend", "GcsWriteProbe"]

_PROBE = ".realtimekit-write-test-"
_LABEL = {"made-by": "realtimekit"}
_WORKERS = 8
_NOT_FOUND = 404
_CONFLICT = 409

_State = dict[str, Any]


class GcsLocationBackend:
    """Buckets with uniform access and public access prevention."""

    def create(self, place: GcsLocation) -> None:
        bucket = _Bucket(place)
        if place.existing:
            bucket.must_exist()
        else:
            bucket.mend(bucket.made() or bucket.claimed())

    def read(self, place: GcsLocation) -> GcsLocation | None:
        state = _Bucket(place).state()
        return None if state is None else _read_settings(place, state)

    def update(self, place: GcsLocation) -> None:
        if not place.existing:
            bucket = _Bucket(place)
            bucket.mend(bucket.must_exist())

    def delete(self, place: GcsLocation) -> Literal["deleted", "kept"]:
        if place.existing:
            return "kept"
        bucket = _Bucket(place)
        if bucket.state() is None:
            return "deleted"
        if place.on_delete == "force":
            bucket.empty()
        if bucket.deleted_if_empty():
            return "deleted"
        if place.on_delete == "keep":
            return "kept"
        raise StorageNotEmptyError(
            f"{bucket.told} holds objects, and on_delete is '{place.on_delete}': move them away, "
            "or set on_delete to 'keep' or 'force'"
        )


class GcsWriteProbe:
    """Begins a resumable upload and cancels it; no object ever appears."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:  # noqa: ARG002 - the port
        if not isinstance(config, GcsStorageConfig):
            raise TypeError(f"GcsWriteProbe proves Cloud Storage, not {config.type}")
        session = GoogleSession.of_key(config.secret.get_secret_value())
        folder = (config.path or "").strip("/")
        doing = f"write below '{folder}' in the bucket '{config.bucket}' ({config.region})"
        name = "/".join(filter(None, (folder, _PROBE + secrets.token_hex(8))))
        begin = Ask(
            "POST",
            storage_url(f"upload/storage/v1/b/{quote(config.bucket, safe='')}/o"),
            doing,
            "storage.objects.create",
            params={"uploadType": "resumable", "name": name},
            body={},
        )
        upload = session.ask(begin).headers.get("Location", "")
        if not upload.startswith(storage_url("")):
            return  # an address that is not Google's gets no token
        # An upload without data is nothing that anybody sees, and Google drops it by itself:
        # that it could not be cancelled says nothing about the credential.
        with suppress(StorageError):
            session.ask(Ask("DELETE", upload, doing, "storage.objects.create"), 499)


class _Bucket:
    """A declared bucket, and the calls that bring it about."""

    def __init__(self, place: GcsLocation) -> None:
        self._place = place
        self._session = GoogleSession.of_administrator()
        self.told = f"the bucket '{place.bucket}' ({place.region}, project {place.project})"

    def made(self) -> _State | None:
        """The new bucket, ``None`` where the name is taken, perhaps by ourselves."""
        body = {"name": self._place.bucket, "location": self._place.region.upper()}
        ask = Ask(
            "POST",
            storage_url("storage/v1/b"),
            f"make {self.told}",
            "storage.buckets.create",
            params={"project": self._place.project},
            body={**body, "labels": _LABEL, **_settings(self._place)},
        )
        answer = self._session.ask(ask, _CONFLICT)
        return None if answer.status == _CONFLICT else answer.data

    def claimed(self) -> _State:
        """The bucket that an interrupted run of ours has made.

        One that holds objects and not our label is somebody's: to take it over would put
        their objects at the mercy of our retention and of ``on_delete``.
        """
        state = self._owned()
        if not _LABEL.items() <= state.get("labels", {}).items() and self._objects(1):
            raise StorageCredentialError(
                f"{self.told} exists already and holds objects, and nothing says that this "
                "project made it: existing=True uses it and leaves it as it is; or choose "
                "another name"
            )
        return state

    def _owned(self) -> _State:
        """The bucket that is there already, if it is one of the declared project's."""
        ask = Ask(
            "GET",
            storage_url("storage/v1/b"),
            f"look for {self.told}",
            "storage.buckets.list",
            params={"project": self._place.project, "prefix": self._place.bucket},
        )
        for state in self._session.ask(ask).data.get("items", []):
            if state["name"] == self._place.bucket:
                return dict(state)
        raise StorageCredentialError(
            f"the name of {self.told} is taken by another project: choose another name; bucket "
            "names are shared by all users of Google Cloud"
        )

    def state(self) -> _State | None:
        answer = self._session.ask(
            Ask("GET", self._url, f"look at {self.told}", "storage.buckets.get"), _NOT_FOUND
        )
        return None if answer.status == _NOT_FOUND else answer.data

    def must_exist(self) -> _State:
        state = self.state()
        if state is None:
            declared = ", which is declared as existing" if self._place.existing else ""
            raise StorageNotFoundError(f"there is no such thing as {self.told}{declared}")
        return state

    def mend(self, state: _State) -> None:
        """Bring a bucket to what is declared; where it lies can never be changed."""
        if state.get("location", "").upper() != self._place.region.upper():
            raise StorageCredentialError(
                f"{self.told} exists already in {state.get('location')}, and a bucket cannot "
                "move: declare that region, or choose another name"
            )
        if _read_settings(self._place, state) != self._place:
            ask = Ask("PATCH", self._url, f"change {self.told}", "storage.buckets.update")
            self._session.ask(Ask(**{**vars(ask), "body": _settings(self._place)}))

    def empty(self) -> None:
        """Delete all objects in all versions, a page at a time."""
        while page := self._objects(1000):
            with ThreadPoolExecutor(_WORKERS) as workers:
                list(workers.map(self._delete_object, page))

    def deleted_if_empty(self) -> bool:
        if self._objects(1):
            return False
        ask = Ask("DELETE", self._url, f"delete {self.told}", "storage.buckets.delete")
        return self._session.ask(ask, _NOT_FOUND, _CONFLICT).status != _CONFLICT

    def _objects(self, most: int) -> list[_State]:
        ask = Ask(
            "GET",
            f"{self._url}/o",
            f"list the objects of {self.told}",
            "storage.objects.list",
            params={"versions": "true", "maxResults": str(most)},
        )
        found: list[_State] = self._session.ask(ask, _NOT_FOUND).data.get("items", [])
        return found

    def _delete_object(self, found: _State) -> None:
        ask = Ask(
            "DELETE",
            f"{self._url}/o/{quote(found['name'], safe='')}",
            f"delete '{found['name']}' from {self.told}",
            "storage.objects.delete",
            params={"generation": str(found["generation"])} if "generation" in found else {},
        )
        self._session.ask(ask, _NOT_FOUND)

    @property
    def _url(self) -> str:
        return bucket_url(self._place.bucket)


def _settings(place: GcsLocation) -> _State:
    return {
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "enforced",
        },
        "versioning": {"enabled": place.versioning},
        "lifecycle": {"rule": _rules(place.retention_days)},
    }


def _rules(days: int | None) -> list[_State]:
    if days is None:
        return []
    return [{"action": {"type": "Delete"}, "condition": {"age": days}}]


def _read_settings(place: GcsLocation, state: _State) -> GcsLocation:
    """The declared place with what is really there, also where the model has no word for it."""
    access = state.get("iamConfiguration", {})
    region = str(state.get("location", ""))
    prevented = access.get("publicAccessPrevention") == "enforced"
    return place.model_copy(
        update={
            "region": place.region if region.upper() == place.region.upper() else region,
            "public_access": "blocked" if prevented else "open",
            "uniform_access": bool(access.get("uniformBucketLevelAccess", {}).get("enabled")),
            "versioning": bool(state.get("versioning", {}).get("enabled")),
            "retention_days": _retention(state),
        }
    )


def _retention(state: _State) -> Any:
    rules = state.get("lifecycle", {}).get("rule", [])
    days = rules[0].get("condition", {}).get("age") if len(rules) == 1 else None
    return days if rules == _rules(days) else "other rules"
