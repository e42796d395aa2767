"""Clients of Azure's blob storage: the administrator's, and a writer's."""

from __future__ import annotations

import os
from typing import Any

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.backends.azure.sdk import build_client_options, import_sdk
from realtimekit_provider.storage.backends.endpoints import require_encrypted
from realtimekit_provider.storage.backends.errors import ErrorContext, describe

__all__ = [
    "ADMINISTRATOR_PERMISSION",
    "build_administrator_context",
    "create_account_client",
    "create_container_client",
]

ADMINISTRATOR_PERMISSION = "the right to administer it (the account's key has it)"
"""What an administrator lacks whom Azure refuses a call."""

_CONNECTION_STRING = "AZURE_STORAGE_CONNECTION_STRING"
_ACCOUNT = "AZURE_STORAGE_ACCOUNT"
_KEY = "AZURE_STORAGE_KEY"


def build_administrator_context(account: str, container: str) -> ErrorContext:
    """Return the error context of a call with the credentials that stand in the environment."""
    return ErrorContext(
        about=describe("container", container, "azure", f"account {account}"),
        service="Azure",
        credentials="the administrator's credentials",
        remedy=(
            f"Set {_CONNECTION_STRING}, or {_ACCOUNT} and {_KEY}, to those of the account "
            f"{account} ('az storage account show-connection-string' prints the first)."
        ),
        resource=f"the storage account {account}",
    )


def create_account_client(account: str, context: ErrorContext) -> Any:
    """Return the administrator's client of an account, by the environment as it is now.

    Raises:
        StorageCredentialError: There are no credentials, they cannot be read, or they are
            another account's.
        StorageSettingsError: The endpoint is neither https nor on loopback.
    """
    client = _create_client_from_environment(context)
    require_encrypted(client.url, f"the endpoint in {_CONNECTION_STRING}")
    if client.account_name != account:
        raise StorageCredentialError(
            f"{context.about}: the credentials in the environment are those of another storage "
            f"account, {client.account_name}. {context.remedy}"
        )
    return client


def create_container_client(connection_string: str, container: str) -> Any:
    """Return the client that a connection string makes.

    Raises:
        StorageCredentialError: It cannot be read.
        StorageSettingsError: Its endpoint is neither https nor on loopback.
    """
    sdk = import_sdk()
    try:
        client = sdk.blob.ContainerClient.from_connection_string(
            connection_string, container, **build_client_options(sdk)
        )
    except ValueError:
        raise StorageCredentialError(
            f"{describe('container', container, 'azure')}: the connection string cannot be read. "
            "Copy it as the portal shows it under 'Access keys'."
        ) from None
    require_encrypted(client.url, "the connection string's endpoint")
    return client


def _create_client_from_environment(context: ErrorContext) -> Any:
    sdk = import_sdk()
    service = sdk.blob.BlobServiceClient
    try:
        if text := os.environ.get(_CONNECTION_STRING):
            return service.from_connection_string(text, **build_client_options(sdk))
        name, key = os.environ.get(_ACCOUNT), os.environ.get(_KEY)
        if name and key:
            url = f"https://{name}.blob.core.windows.net"
            return service(url, credential=key, **build_client_options(sdk))
    except ValueError:
        raise StorageCredentialError(
            f"{context.about}: the credentials in the environment cannot be read. {context.remedy}"
        ) from None
    raise StorageCredentialError(
        f"{context.about}: there are no credentials for Azure. {context.remedy}"
    )
