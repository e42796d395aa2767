"""Azure's Blob Storage: the administrator's client, a writer's client, and what failures mean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.endpoints import require_encrypted
from realtimekit_provider.storage.backends.missing_sdk import missing_sdk

__all__ = ["Azure", "account_client", "azure", "code_of", "container_client", "explained"]

_CONNECTION_STRING = "AZURE_STORAGE_CONNECTION_STRING"
_ACCOUNT = "AZURE_STORAGE_ACCOUNT"
_KEY = "AZURE_STORAGE_KEY"
_LOG_IN = (
    f"set {_CONNECTION_STRING}, or {_ACCOUNT} and {_KEY} "
    "('az storage account show-connection-string' prints the first)"
)

_REFUSED = {401, 403}
_NOT_FOUND = 404
_BUSY = {408, 429}
_FIRST_OF_SERVER = 500
_GONE = {"ContainerNotFound", "ContainerBeingDeleted", "ResourceNotFound", "ContainerDisabled"}


class Azure(NamedTuple):
    """The parts of azure-storage-blob that are used here."""

    blob: Any
    core: Any


def azure() -> Azure:
    """Load the SDK."""
    try:
        import azure.core.exceptions
        import azure.storage.blob
    except ImportError:
        raise missing_sdk("Azure", "azure") from None
    return Azure(azure.storage.blob, azure.core.exceptions)


def account_client(account: str) -> Any:
    """The administrator's client of the declared account, as the environment names it now."""
    client = _client_of_environment()
    require_encrypted(client.url, f"the endpoint in {_CONNECTION_STRING}")
    if client.account_name != account:
        raise StorageCredentialError(
            f"the Azure credentials in the environment are those of the storage account "
            f"'{client.account_name}', and '{account}' is declared: {_LOG_IN} for '{account}'"
        )
    return client


def container_client(connection_string: str, container: str) -> Any:
    """The client that a writer's connection string makes."""
    sdk = azure()
    try:
        made = sdk.blob.ContainerClient.from_connection_string(
            connection_string, container, **_options(sdk)
        )
    except ValueError:
        raise StorageCredentialError(
            f"the connection string for the container '{container}' cannot be read: copy it as "
            "the portal shows it under 'Access keys'"
        ) from None
    require_encrypted(made.url, "the connection string's endpoint")
    return made


@contextmanager
def explained(who: str, doing: str, needs: str) -> Iterator[None]:
    """Turn every failure inside the block into one of our own errors.

    Azure's own texts stay out: those of a wrong signature quote what was signed.

    Args:
        who: Whose credential it is.
        doing: What is done, as an infinitive that names container and account.
        needs: What is missing where Azure refuses it.
    """
    core = azure().core
    try:
        yield
    except core.HttpResponseError as problem:
        raise _meaning(problem, who, doing, needs) from None
    except (core.AzureError, OSError):
        raise StorageUnreachableError(
            f"no answer from Azure while trying to {doing}: check the account's name, the "
            "network and any proxy"
        ) from None


def _meaning(problem: Any, who: str, doing: str, needs: str) -> StorageError:
    status, code = problem.status_code or 0, code_of(problem)
    told = f"(HTTP {status}, {code})" if code else f"(HTTP {status})"
    if code in _GONE or status == _NOT_FOUND:
        return StorageNotFoundError(f"could not {doing}: it does not exist {told}")
    if status in _REFUSED:
        return StorageCredentialError(
            f"Azure refused {who} to {doing}: {_mending(code, needs)} {told}"
        )
    if not status or status in _BUSY or status >= _FIRST_OF_SERVER:
        return StorageUnreachableError(
            f"Azure gave no clear answer while trying to {doing}: try again {told}"
        )
    return StorageCredentialError(f"Azure refused to {doing} {told}")


def _mending(code: str, needs: str) -> str:
    if code == "AuthorizationFailure":
        return "the credential is wrong, or the account's firewall keeps this machine out"
    if code in {"AuthenticationFailed", "InvalidAuthenticationInfo"}:
        return "the credential is wrong, expired or revoked"
    return f"it needs {needs}"


def code_of(problem: Any) -> str:
    """Azure's own word for what is wrong."""
    code = getattr(problem, "error_code", None)
    return str(getattr(code, "value", code) or "")


def _client_of_environment() -> Any:
    sdk = azure()
    service = sdk.blob.BlobServiceClient
    try:
        if text := os.environ.get(_CONNECTION_STRING):
            return service.from_connection_string(text, **_options(sdk))
        name, key = os.environ.get(_ACCOUNT), os.environ.get(_KEY)
        if name and key:
            url = f"https://{name}.blob.core.windows.net"
            return service(url, credential=key, **_options(sdk))
    except ValueError:
        raise StorageCredentialError(
            f"the Azure credentials in the environment cannot be read: {_LOG_IN}"
        ) from None
    raise StorageCredentialError(f"no Azure credentials were found: {_LOG_IN}")


def _options(sdk: Azure) -> dict[str, Any]:
    return {
        "connection_timeout": 10,
        "read_timeout": 30,
        "retry_policy": sdk.blob.LinearRetry(backoff=1, retry_total=1, random_jitter_range=0),
    }
