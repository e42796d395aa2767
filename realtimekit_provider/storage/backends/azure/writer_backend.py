"""Signatures that can create and write blobs in one container, revocable by their policy."""

from __future__ import annotations

from typing import Any

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
from realtimekit_provider.storage.backends.ports import Credential

__all__ = ["AzureWriterBackend"]


class AzureWriterBackend:
    """A stored access policy for each generation, and the connection string that names it."""

    def create(self, writer: AzureWriter, generation: int) -> Credential:
        """Create the policy and sign; signing again gives the same text, so none is ever lost."""
        client, context = _connect(writer)
        policies = _get_policies(client, writer, context)
        policies.put(build_policy_id(writer, generation), writer.valid_days)
        return {"access_key": _build_connection_string(client, writer, generation, context)}

    def is_in_sync(self, writer: AzureWriter, generation: int, credential: Credential) -> bool:
        client, context = _connect(writer)
        if not _get_policies(client, writer, context).has(build_policy_id(writer, generation)):
            return False
        return _is_signature_valid(credential["access_key"], writer, context)

    def restore(self, writer: AzureWriter, generation: int) -> None:
        client, context = _connect(writer)
        policies = _get_policies(client, writer, context)
        policies.put(build_policy_id(writer, generation), writer.valid_days)

    def delete(self, writer: AzureWriter, generation: int) -> None:
        client, context = _connect(writer)
        _get_policies(client, writer, context).remove(build_policy_id(writer, generation))


def _connect(writer: AzureWriter) -> tuple[Any, ErrorContext]:
    context = build_administrator_context(writer.account, writer.container)
    return create_account_client(writer.account, context), context


def _get_policies(client: Any, writer: AzureWriter, context: ErrorContext) -> StoredPolicies:
    return StoredPolicies(client.get_container_client(writer.container), context)


def _build_connection_string(
    client: Any, writer: AzureWriter, generation: int, context: ErrorContext
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
        policy_id=build_policy_id(writer, generation),
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
