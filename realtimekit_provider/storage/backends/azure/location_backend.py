"""Azure's containers, in a storage account that exists."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, Literal

from typing_extensions import override

from realtimekit_provider.errors import StorageNotFoundError, StorageUnreachableError
from realtimekit_provider.storage.backends.azure.access_policies import StoredPolicies
from realtimekit_provider.storage.backends.azure.client import (
    ADMINISTRATOR_PERMISSION,
    build_administrator_context,
    create_account_client,
)
from realtimekit_provider.storage.backends.azure.container_lease import hold_lease
from realtimekit_provider.storage.backends.azure.errors import get_code, translate_errors
from realtimekit_provider.storage.backends.azure.models import AzureLocation
from realtimekit_provider.storage.backends.azure.sdk import import_sdk
from realtimekit_provider.storage.backends.azure.write_probe import PROBE_NAME
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.ports import LocationBackend, LocationClient
from realtimekit_provider.storage.backends.retry import wait_until

__all__ = ["AzureLocationBackend"]

_MARK = "realtimekit_mark"
_DELETION_TIMEOUT = 60.0
_PAUSE_SECONDS = 3.0
_EVERY_KIND_OF_BLOB = ["snapshots", "uncommittedblobs", "versions"]

_Creation = Literal["created", "exists", "being deleted"]


class AzureLocationBackend(LocationBackend[AzureLocation]):
    """Containers without public access."""

    @override
    @contextmanager
    def connect(self, location: AzureLocation) -> Iterator[LocationClient[AzureLocation]]:
        context = build_administrator_context(location.account, location.container)
        with create_account_client(location.account, context) as account:
            client = account.get_container_client(location.container)
            yield _AzureLocationClient(client, location, context)


class _AzureLocationClient(LocationClient[AzureLocation]):
    holds: ClassVar[str] = "blobs"
    written_at_once = "metadata"

    def __init__(self, client: Any, location: AzureLocation, context: ErrorContext) -> None:
        self.about = context.about
        self._context = context
        self._client = client
        self._location = location

    @override
    def exists(self) -> bool:
        return self._find_properties() is not None

    @override
    def create(self, mark: str) -> bool:
        """Azure takes half a minute to delete a container; until then its name cannot be used."""
        creation = wait_until(
            lambda outcome: outcome != "being deleted",
            lambda: self._try_to_create(mark),
            timeout=_DELETION_TIMEOUT,
            pause=_PAUSE_SECONDS,
            reason="Azure is still deleting a container of this name",
        )
        if creation == "being deleted":
            raise StorageUnreachableError(
                f"{self.about}: Azure is still deleting a container of this name. Deploy again in "
                "a minute."
            )
        return creation == "created"

    def _try_to_create(self, mark: str) -> _Creation:
        with self._translate_errors("Create Container"):
            try:
                self._client.create_container(metadata={_MARK: mark})
            except import_sdk().exceptions.ResourceExistsError as error:
                return "being deleted" if get_code(error) == "ContainerBeingDeleted" else "exists"
        return "created"

    @override
    def read(self) -> AzureLocation:
        access = "open" if self._require_properties().public_access else "blocked"
        return self._location.model_copy(update={"public_access": access})

    @override
    def read_mark(self) -> str | None:
        metadata: dict[str, str] = self._require_properties().metadata
        return metadata.get(_MARK)

    @override
    def write_mark(self, mark: str, *, before: str | None) -> bool:
        with hold_lease(self._client, self._context) as lease:
            metadata = self._require_properties().metadata
            if metadata.get(_MARK) != before:
                return False
            with self._translate_errors("Set Container Metadata"):
                self._client.set_container_metadata({**metadata, _MARK: mark}, lease=lease)
            return True

    @override
    def build_mark_command(self, mark: str) -> str:
        metadata = {**self._require_properties().metadata, _MARK: mark}
        pairs = " ".join(shlex.quote(f"{key}={value}") for key, value in metadata.items())
        return (
            f"az storage container metadata update --account-name {self._location.account} "
            f"--name {self._location.container} --metadata {pairs}"
        )

    @override
    def apply_settings(self) -> None:
        """Remove public access, and leave the writers' policies as they are."""
        if self._require_properties().public_access:
            StoredPolicies(self._client, self._context).block_public_access()

    @override
    def find_content(self) -> str | None:
        """Versions, snapshots and uploads count too."""
        try:
            with self._translate_errors("List Blobs"):
                for blob in self._client.list_blobs(include=_EVERY_KIND_OF_BLOB):
                    if not blob.name.rpartition("/")[2].startswith(PROBE_NAME):
                        return str(blob.name)
        except StorageNotFoundError:
            pass
        return None

    @override
    def delete_content(self) -> None:
        """A container is deleted with all that it holds."""

    @override
    def delete(self) -> bool:
        with suppress(StorageNotFoundError), self._translate_errors("Delete Container"):
            self._client.delete_container()
        return True

    def _find_properties(self) -> Any | None:
        try:
            return self._require_properties()
        except StorageNotFoundError:
            return None

    def _require_properties(self) -> Any:
        with self._translate_errors("Get Container Properties"):
            return self._client.get_container_properties()

    def _translate_errors(self, operation: str) -> Any:
        return translate_errors(self._context, operation, ADMINISTRATOR_PERMISSION)
