"""Signatures that can create and write blobs in one container, revocable by their policy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typing_extensions import override

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.backends.azure.access_policies import (
    StoredPolicies,
    build_policy_id,
)
from realtimekit_provider.storage.backends.azure.client import (
    build_administrator_context,
    create_account_client,
    create_container_client,
)
from realtimekit_provider.storage.backends.azure.errors import get_code, translate_errors
from realtimekit_provider.storage.backends.azure.models import AzureWriter
from realtimekit_provider.storage.backends.azure.sdk import import_sdk
from realtimekit_provider.storage.backends.azure.write_probe import PROBE_NAME
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.ports import Credential, WriterBackend, WriterClient

__all__ = ["AzureWriterBackend"]


class AzureWriterBackend(WriterBackend[AzureWriter]):
    """A stored access policy for each generation, and the connection string that names it."""

    @override
    @contextmanager
    def connect(self, writer: AzureWriter, generation: int) -> Iterator[AzureWriterClient]:
        """Open a client of the stored access policy of a generation."""
        context = build_administrator_context(writer.account, writer.container)
        account = create_account_client(writer.account, context)
        yield AzureWriterClient(account, writer, generation, context)


class AzureWriterClient(WriterClient):
    """One stored access policy, whose id is its mark."""

    def __init__(
        self, account: Any, writer: AzureWriter, generation: int, context: ErrorContext
    ) -> None:
        self._account = account
        self._writer = writer
        self._context = context
        self._policies = StoredPolicies(account.get_container_client(writer.container), context)
        self.about = context.about
        self.mark = build_policy_id(writer, generation)

    @override
    def create(self) -> bool:
        self.restore()
        return True

    @override
    def create_credential(self) -> Credential:
        """Sign; signing again gives the same text, so none is ever lost."""
        text = _build_connection_string(self._account, self._writer, self.mark, self._context)
        return {"access_key": text}

    @override
    def is_in_sync(self, credential: Credential) -> bool:
        return self._policies.has(self.mark) and _is_signature_valid(
            credential["access_key"], self._writer, self._context
        )

    @override
    def restore(self) -> None:
        self._policies.put(self.mark, self._writer.valid_days)

    @override
    def delete(self) -> None:
        self._policies.remove(self.mark)


def _build_connection_string(
    client: Any, writer: AzureWriter, policy_id: str, context: ErrorContext
) -> str:
    key = getattr(client.credential, "account_key", None)
    if key is None:
        raise StorageCredentialError(
            f"{context.about}: a writer is signed with the key of its storage account, and the "
            f"credentials in the environment hold none. Set a connection string with AccountKey. "
            f"{context.remedy}"
        )
    endpoint = client.url.rstrip("/")
    sas = import_sdk().blob.generate_container_sas(
        writer.account,
        writer.container,
        account_key=key,
        policy_id=policy_id,
        protocol="https" if endpoint.startswith("https:") else None,
    )
    return f"BlobEndpoint={endpoint};SharedAccessSignature={sas}"


def _is_signature_valid(connection_string: str, writer: AzureWriter, context: ErrorContext) -> bool:
    """Read with it: where it is valid, nothing but the right to read is missing."""
    container = create_container_client(connection_string, writer.container)
    with container, translate_errors(context, "Get Blob Properties", "the right to read"):
        try:
            container.get_blob_client(PROBE_NAME).get_blob_properties()
        except import_sdk().exceptions.HttpResponseError as error:
            if error.status_code not in {401, 403, 404}:
                raise
            return get_code(error) == "AuthorizationPermissionMismatch"
    return False
