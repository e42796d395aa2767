"""Azure's containers, in a storage account that exists."""

from __future__ import annotations

from typing import Any, Literal

from realtimekit_provider.errors import StorageNotFoundError, StorageUnreachableError
from realtimekit_provider.storage.backends.azure.access_policies import StoredPolicies
from realtimekit_provider.storage.backends.azure.client import (
    ADMINISTRATOR_PERMISSION,
    build_administrator_context,
    create_account_client,
)
from realtimekit_provider.storage.backends.azure.errors import get_code, translate_errors
from realtimekit_provider.storage.backends.azure.models import AzureLocation
from realtimekit_provider.storage.backends.azure.sdk import import_sdk
from realtimekit_provider.storage.backends.azure.write_probe import PROBE_NAME
from realtimekit_provider.storage.backends.errors import (
    build_conflict_error,
    build_not_found_error,
)
from realtimekit_provider.storage.backends.on_delete import keep_or_refuse, must_empty
from realtimekit_provider.storage.backends.retry import wait_until

__all__ = ["AzureLocationBackend"]

_MARK = {"madeby": "realtimekit"}
_DELETION_TIMEOUT = 60.0
_PAUSE_SECONDS = 3.0
_EVERY_KIND_OF_BLOB = ["snapshots", "uncommittedblobs", "versions"]

_Creation = Literal["created", "exists", "being deleted"]


class AzureLocationBackend:
    """Containers without public access."""

    def create(self, location: AzureLocation) -> None:
        container = _Container(location)
        if location.existing:
            container.require()
        elif not container.create():
            container.adopt()

    def read(self, location: AzureLocation) -> AzureLocation | None:
        properties = _Container(location).find()
        if properties is None:
            return None
        access = "open" if properties.public_access else "blocked"
        return location.model_copy(update={"public_access": access})

    def update(self, location: AzureLocation) -> None:
        if not location.existing:
            container = _Container(location)
            if container.require().public_access:
                container.block_public_access()

    def delete(self, location: AzureLocation) -> Literal["deleted", "kept"]:
        if location.existing:
            return "kept"
        container = _Container(location)
        if not must_empty(location.on_delete) and (name := container.find_blob()):
            about = container.context.about
            return keep_or_refuse(about, location.on_delete, holds="blobs", example=name)
        container.delete()
        return "deleted"


class _Container:
    """A declared container, and the calls about it."""

    def __init__(self, location: AzureLocation) -> None:
        self.context = build_administrator_context(location.account, location.container)
        account = create_account_client(location.account, self.context)
        self._client = account.get_container_client(location.container)
        self._existing = location.existing

    def create(self) -> bool:
        """Create it, and return whether it is new.

        Azure takes half a minute to delete a container; until then its name cannot be used.
        """
        creation = wait_until(
            lambda outcome: outcome != "being deleted",
            self._try_to_create,
            timeout=_DELETION_TIMEOUT,
            pause=_PAUSE_SECONDS,
            reason="Azure is still deleting a container of this name",
        )
        if creation == "being deleted":
            raise StorageUnreachableError(
                f"{self.context.about}: Azure is still deleting a container of this name. Run "
                "again in a minute."
            )
        return creation == "created"

    def _try_to_create(self) -> _Creation:
        with self._translate_errors("Create Container"):
            try:
                self._client.create_container(metadata=_MARK)
            except import_sdk().exceptions.ResourceExistsError as error:
                return "being deleted" if get_code(error) == "ContainerBeingDeleted" else "exists"
        return "created"

    def find(self) -> Any | None:
        """Return the container's properties, ``None`` where it does not exist."""
        try:
            with self._translate_errors("Get Container Properties"):
                return self._client.get_container_properties()
        except StorageNotFoundError:
            return None

    def require(self) -> Any:
        """Return the container's properties, or raise that it does not exist."""
        properties = self.find()
        if properties is None:
            raise build_not_found_error(self.context.about, existing=self._existing)
        return properties

    def adopt(self) -> None:
        """Take over a container that an interrupted run of ours has created.

        One that holds blobs and not our mark is somebody's: to take it over would put their
        blobs at the mercy of ``on_delete``.
        """
        if not _MARK.items() <= self.require().metadata.items() and self.find_blob():
            raise build_conflict_error(self.context.about, holds="blobs")
        self.block_public_access()

    def block_public_access(self) -> None:
        """Remove public access, and leave the writers' policies as they are."""
        StoredPolicies(self._client, self.context).block_public_access()

    def find_blob(self) -> str | None:
        """Return the name of a blob, version, snapshot or upload that is no write test's."""
        try:
            with self._translate_errors("List Blobs"):
                for blob in self._client.list_blobs(include=_EVERY_KIND_OF_BLOB):
                    if not blob.name.rpartition("/")[2].startswith(PROBE_NAME):
                        return str(blob.name)
        except StorageNotFoundError:
            pass
        return None

    def delete(self) -> None:
        """Delete it with all that it holds; gone already is success."""
        try:
            with self._translate_errors("Delete Container"):
                self._client.delete_container()
        except StorageNotFoundError:
            return

    def _translate_errors(self, operation: str) -> Any:
        return translate_errors(self.context, operation, ADMINISTRATOR_PERMISSION)
