"""The errors of Azure's SDK, translated into this project's own.

Azure's own texts stay out: those of a wrong signature quote what was signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure.sdk import import_sdk
from realtimekit_provider.storage.backends.errors import (
    ErrorContext,
    ErrorMeaning,
    build_answer_error,
)
from realtimekit_provider.storage.backends.path_variables import (
    TLS_PATHS,
    require_path_variables,
)

__all__ = ["ERROR_CODES", "get_code", "translate_errors"]

_NO_CONTAINER = ErrorMeaning(
    StorageNotFoundError,
    "there is no such container. Correct its name, or create it.",
)
_REJECTED = ErrorMeaning(
    StorageCredentialError,
    "{credentials} are wrong, expired or revoked. {remedy}",
)
_UNREADABLE = "{credentials} cannot be read: the account's key is cut or damaged. {remedy}"
_LACKING = ErrorMeaning(
    StorageCredentialError,
    "{credentials} lack {permission}. Grant it on {resource}.",
)
_NO_TLS = ErrorMeaning(
    StorageSettingsError,
    "it takes https only, and the connection string says http. Use one with "
    "DefaultEndpointsProtocol=https, or with a BlobEndpoint that begins with https.",
)
_OTHER_KIND = ErrorMeaning(
    StorageCredentialError,
    "{credentials} are a SAS that does not cover objects in the blob service. Use one that does "
    "(ss=b, srt=co).",
)
_ENCRYPTION_KEY = ErrorMeaning(
    StorageSettingsError,
    "the storage account cannot use the key in Key Vault that it encrypts with. Enable that key, "
    "and give the account's identity the rights get, wrapKey and unwrapKey on it.",
)
_BUSY = ErrorMeaning(
    StorageUnreachableError,
    "it is busy or failed, which is not your fault. Deploy again in a minute.",
)
_NOT_ACCEPTED = ErrorMeaning(
    StorageSettingsError,
    "it does not accept what is declared. Check the names in the declaration.",
)

ERROR_CODES: Mapping[str, ErrorMeaning] = {
    "ContainerNotFound": _NO_CONTAINER,
    "ContainerBeingDeleted": _NO_CONTAINER,
    "ContainerDisabled": _NO_CONTAINER,
    "ResourceNotFound": _NO_CONTAINER,
    "AuthenticationFailed": _REJECTED,
    "InvalidAuthenticationInfo": _REJECTED,
    "AuthorizationProtocolMismatch": _NO_TLS,
    "AccountRequiresHttps": _NO_TLS,
    "AuthorizationSourceIPMismatch": ErrorMeaning(
        StorageCredentialError,
        "{credentials} are not for the address of this machine. {remedy}",
    ),
    "AuthorizationResourceTypeMismatch": _OTHER_KIND,
    "AuthorizationServiceMismatch": _OTHER_KIND,
    "KeyVaultEncryptionKeyNotFound": _ENCRYPTION_KEY,
    "KeyVaultAccessTokenCannotBeAcquired": _ENCRYPTION_KEY,
    "KeyVaultVaultNotFound": _ENCRYPTION_KEY,
    "AuthorizationFailure": ErrorMeaning(
        StorageCredentialError,
        "{credentials} are wrong, or the account's firewall blocks this machine. {remedy}",
    ),
}
"""What each code means; for any other the HTTP status counts."""

_FIRST_SERVER_ERROR = 500


@contextmanager
def translate_errors(context: ErrorContext, operation: str, permission: str) -> Iterator[None]:
    """Turn every failure inside the block into a :class:`StorageError` about ``context``.

    Args:
        context: Who calls what.
        operation: The operation's name in Azure's documentation: ``Create Container``.
        permission: What is missing where Azure refuses it.
    """
    exceptions = import_sdk().exceptions
    require_path_variables(context.about, *TLS_PATHS)
    try:
        yield
    except exceptions.HttpResponseError as error:
        status, code = error.status_code or 0, get_code(error)
        if not status and isinstance(error, exceptions.ClientAuthenticationError):
            # Nothing was sent: no request can be signed with such a key.
            raise StorageCredentialError(
                f"{context.about}: {context.explain(_UNREADABLE)}"
            ) from None
        raise build_answer_error(
            context,
            ERROR_CODES.get(code) or _get_meaning(status),
            operation=operation,
            status=status,
            code=code,
            permission=permission,
        ) from None
    except (exceptions.AzureError, OSError):
        raise StorageUnreachableError(
            f"{context.about}: no answer from Azure to {operation}. Check the account's name, the "
            "network and any proxy."
        ) from None


def get_code(error: Any) -> str:
    """Return Azure's own code for what is wrong, empty where it gave none."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def _get_meaning(status: int) -> ErrorMeaning:
    if status in {401, 403}:
        return _LACKING
    if status == 404:  # noqa: PLR2004 - the table of HTTP
        return _NO_CONTAINER
    if not status or status in {408, 429} or status >= _FIRST_SERVER_ERROR:
        return _BUSY
    return _NOT_ACCEPTED
