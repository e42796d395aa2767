"""asyncssh's exceptions, translated into this project's own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.redaction import redact
from realtimekit_provider.storage.backends.errors import ErrorMeaning
from realtimekit_provider.storage.backends.sftp.login import Login
from realtimekit_provider.storage.backends.sftp.sdk import import_sdk

__all__ = ["ERROR_CODES", "translate_errors"]

ERROR_CODES: tuple[tuple[frozenset[str], ErrorMeaning], ...] = (
    (
        frozenset({"PermissionDenied", "IllegalUserName"}),
        ErrorMeaning(
            StorageCredentialError,
            "the server refused the login with this {credential}. Check the user name and the "
            "{credential}, and that the server lets this user log in with a {credential}.",
        ),
    ),
    (
        frozenset({"HostKeyNotVerifiable"}),
        ErrorMeaning(
            StorageUnreachableError,
            "the server showed a host key other than the declared one, so nothing was sent to it. "
            "Ask its operator whether the key was renewed, and only then set host_key to what "
            "'{keyscan}' prints.",
        ),
    ),
    (
        frozenset({"KeyExchangeFailed"}),
        ErrorMeaning(
            StorageUnreachableError,
            "the server has no algorithm in common with this client. If it has no host key of type "
            "{host_key_type}, set host_key to one of those that '{keyscan}' prints. {quote}",
        ),
    ),
    (
        frozenset({"ChannelOpenError"}),
        ErrorMeaning(
            StorageCredentialError,
            "the server let the user log in and refused SFTP. Give the user access to the sftp "
            "subsystem.",
        ),
    ),
    (
        frozenset({"SFTPPermissionDenied", "SFTPWriteProtect"}),
        ErrorMeaning(
            StorageCredentialError,
            "the user may not {operation}. Give the user the right to write there.",
        ),
    ),
    (
        frozenset({"SFTPNoSpaceOnFilesystem", "SFTPQuotaExceeded"}),
        ErrorMeaning(
            StorageUnreachableError,
            "the server has no space left to {operation}. Free some space, or raise the user's "
            "quota.",
        ),
    ),
    (
        frozenset({"SFTPNoSuchFile", "SFTPNoSuchPath", "SFTPNotADirectory"}),
        ErrorMeaning(
            StorageNotFoundError, "there is no such folder. Correct its path, or create it."
        ),
    ),
    (
        frozenset({"SFTPNoConnection", "SFTPConnectionLost"}),
        ErrorMeaning(
            StorageUnreachableError,
            "the connection broke while trying to {operation}. Deploy again.",
        ),
    ),
    (
        frozenset({"SFTPError"}),
        ErrorMeaning(
            StorageSettingsError,
            "the server refused to {operation} and gave no reason. Check whether its disk is full, "
            "and whether there is a file where a folder should be. {quote}",
        ),
    ),
    (
        frozenset({"BaseException"}),
        ErrorMeaning(
            StorageUnreachableError,
            "no connection to the server. Check host, port and firewall. {quote}",
        ),
    ),
)
"""What each exception means, by the names of its class and of those that it derives from.

The first row that fits counts, so classes stand before those that they derive from.
"""


@contextmanager
def translate_errors(login: Login, operation: str) -> Iterator[None]:
    """Turn whatever the SDK raises inside into a :class:`StorageError` about the login's folder.

    Args:
        login: Who logs in where.
        operation: What is done, after *may not*: ``create it``.
    """
    sdk = import_sdk()
    try:
        yield
    except (sdk.Error, OSError, asyncio.TimeoutError, UnicodeError, ValueError) as error:
        raise _translate(error, login, operation) from None


def _translate(error: BaseException, login: Login, operation: str) -> StorageError:
    classes = {one.__name__ for one in type(error).__mro__}
    error_class, sentence = next(found for names, found in ERROR_CODES if names & classes)
    message = redact(str(error) or type(error).__name__, login.secrets)
    text = sentence.format(
        operation=operation,
        credential=login.credential,
        keyscan=login.keyscan,
        host_key_type=login.host_key.partition(" ")[0],
        quote=f"The error is: {message}",
    )
    return error_class(f"{login.about}: {text}")
