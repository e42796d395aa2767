"""Azure: containers, the signatures that recordings are written with, and their proof."""

from __future__ import annotations

import time
from typing import Any, Literal

from realtimekit_provider.api.models.storage_config import AzureStorageConfig, StorageConfig
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure.access_policies import StoredPolicies, policy_id
from realtimekit_provider.storage.backends.azure.models import AzureLocation, AzureWriter
from realtimekit_provider.storage.backends.azure.session import (
    account_client,
    azure,
    code_of,
    container_client,
    explained,
)
from realtimekit_provider.storage.backends.ports import Credential

__all__ = ["AzureLocationBackend", "AzureWriteProbe", "AzureWriterBackend"]

_PROBE = ".realtimekit-write-test"
_MARK = {"madeby": "realtimekit"}
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 3.0
_OF_EVERYTHING = ["snapshots", "uncommittedblobs", "versions"]

_Deleted = Literal["deleted", "kept"]


class AzureLocationBackend:
    """Containers without public access, in a storage account that exists."""

    def create(self, place: AzureLocation) -> None:
        container = _Container(place)
        if place.existing:
            container.must_exist()
        elif not container.made():
            container.claim()

    def read(self, place: AzureLocation) -> AzureLocation | None:
        state = _Container(place).state()
        if state is None:
            return None
        access = "open" if state.public_access else "blocked"
        return place.model_copy(update={"public_access": access})

    def update(self, place: AzureLocation) -> None:
        if not place.existing:
            container = _Container(place)
            if container.must_exist().public_access:
                container.close()

    def delete(self, place: AzureLocation) -> _Deleted:
        if place.existing:
            return "kept"
        container = _Container(place)
        if place.on_delete != "force" and (name := container.first_blob()):
            if place.on_delete == "keep":
                return "kept"
            raise StorageNotEmptyError(
                f"{container.told} holds blobs, such as '{name}', and on_delete is 'fail': move "
                "them away, or set on_delete to 'keep' or 'force'"
            )
        container.delete()
        return "deleted"


class AzureWriterBackend:
    """Signatures that can create and write blobs in one container, revocable by their policy."""

    def create(self, writer: AzureWriter, generation: int) -> Credential:
        """Make the policy and sign; signing again gives the same text, so none is ever lost."""
        client = account_client(writer.account)
        _policies(client, writer).put(policy_id(writer, generation), writer.valid_days)
        return {"access_key": _connection_string(client, writer, generation)}

    def is_intact(self, writer: AzureWriter, generation: int, credential: Credential) -> bool:
        client = account_client(writer.account)
        if not _policies(client, writer).holds(policy_id(writer, generation)):
            return False
        return _is_signed(credential["access_key"], writer)

    def restore(self, writer: AzureWriter, generation: int) -> None:
        client = account_client(writer.account)
        _policies(client, writer).put(policy_id(writer, generation), writer.valid_days)

    def delete(self, writer: AzureWriter, generation: int) -> None:
        client = account_client(writer.account)
        _policies(client, writer).remove(policy_id(writer, generation))


class AzureWriteProbe:
    """Sends a block that is never committed: no blob appears, and Azure drops it by itself."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:  # noqa: ARG002 - the port
        if not isinstance(config, AzureStorageConfig):
            raise TypeError(f"AzureWriteProbe proves Azure, not {config.type}")
        folder = (config.path or "").strip("/")
        told = f"write below '{folder}' in the container '{config.bucket}'"
        container = container_client(config.access_key.get_secret_value(), config.bucket)
        told = f"{told} (account {container.account_name})"
        # One name for all proofs: what a proof leaves to Azure is then one block at most.
        blob = container.get_blob_client("/".join(filter(None, (folder, _PROBE))))
        who = "the connection string"
        with container, explained(who, told, "a SAS with the permissions create and write"):
            blob.stage_block("cHJvb2Y=", b"RealtimeKit write test")


class _Container:
    """A declared container, and the calls that bring it about."""

    def __init__(self, place: AzureLocation) -> None:
        self._client = account_client(place.account).get_container_client(place.container)
        self._existing = place.existing
        self.told = f"the container '{place.container}' (account {place.account})"

    def made(self) -> bool:
        """Whether it is new; Azure takes half a minute to forget a container of that name."""
        core = azure().core
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with self._doing("make"):
                try:
                    self._client.create_container(metadata=_MARK)
                except core.ResourceExistsError as problem:
                    if code_of(problem) != "ContainerBeingDeleted":
                        return False
                else:
                    return True
            if time.monotonic() > deadline:
                raise StorageUnreachableError(
                    f"{self.told} is still being deleted: try again in a minute"
                )
            time.sleep(_PAUSE_SECONDS)

    def state(self) -> Any | None:
        try:
            with self._doing("look at"):
                return self._client.get_container_properties()
        except StorageNotFoundError:
            return None

    def must_exist(self) -> Any:
        state = self.state()
        if state is None:
            declared = ", which is declared as existing" if self._existing else ""
            raise StorageNotFoundError(f"there is no such thing as {self.told}{declared}")
        return state

    def claim(self) -> None:
        """Take over a container that an interrupted run of ours has made.

        One that holds blobs and not our mark is somebody's: to take it over would put their
        blobs at the mercy of ``on_delete``.
        """
        if not _MARK.items() <= self.must_exist().metadata.items() and self.first_blob():
            raise StorageCredentialError(
                f"{self.told} exists already and holds blobs, and nothing says that this project "
                "made it: existing=True uses it and leaves it as it is; or choose another name"
            )
        self.close()

    def close(self) -> None:
        """Take public access away, and leave the writers' policies as they are."""
        StoredPolicies(self._client, self.told).close()

    def first_blob(self) -> str | None:
        """The name of a blob, version, snapshot or upload under way, but for our own proof."""
        try:
            with self._doing("list the blobs of"):
                for blob in self._client.list_blobs(include=_OF_EVERYTHING):
                    if not blob.name.rpartition("/")[2].startswith(_PROBE):
                        return str(blob.name)
        except StorageNotFoundError:
            pass
        return None

    def delete(self) -> None:
        try:
            with self._doing("delete"):
                self._client.delete_container()
        except StorageNotFoundError:
            return

    def _doing(self, verb: str) -> Any:
        needs = "the account's key, or a SAS of the account that allows it"
        return explained("the administrator's credentials", f"{verb} {self.told}", needs)


def _policies(client: Any, writer: AzureWriter) -> StoredPolicies:
    told = f"the container '{writer.container}' (account {writer.account})"
    return StoredPolicies(client.get_container_client(writer.container), told)


def _connection_string(client: Any, writer: AzureWriter, generation: int) -> str:
    key = getattr(client.credential, "account_key", None)
    if key is None:
        raise StorageCredentialError(
            f"a writer for the storage account '{writer.account}' is signed with the account's "
            "key, and the credentials in the environment hold none: give one that has AccountKey"
        )
    endpoint = client.url.rstrip("/")
    sas = azure().blob.generate_container_sas(
        writer.account,
        writer.container,
        account_key=key,
        policy_id=policy_id(writer, generation),
        protocol="https" if endpoint.startswith("https:") else None,
    )
    return f"BlobEndpoint={endpoint};SharedAccessSignature={sas}"


def _is_signed(connection_string: str, writer: AzureWriter) -> bool:
    """Whether the signature still counts: asked to read, Azure then misses the right alone."""
    core = azure().core
    container = container_client(connection_string, writer.container)
    with container, explained("the connection string", "look at its container", "nothing"):
        try:
            container.get_blob_client(_PROBE).get_blob_properties()
        except core.HttpResponseError as problem:
            if problem.status_code not in {401, 403, 404}:
                raise
            return code_of(problem) == "AuthorizationPermissionMismatch"
    return False
