"""Whose credentials Google is called with: the administrator's, or those of a service account."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.gcs.sdk import import_sdk
from realtimekit_provider.storage.backends.path_variables import (
    GOOGLE_CREDENTIALS,
    TLS_PATHS,
    require_path_variables,
)

__all__ = ["Caller", "find_administrator", "parse_service_account_key"]

_CLOUD_PLATFORM_SCOPE = ("https://www.googleapis.com/auth/cloud-platform",)
_READ_WRITE_SCOPE = ("https://www.googleapis.com/auth/devstorage.read_write",)

_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a token
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


class Caller(NamedTuple):
    """In whose name calls are sent.

    Attributes:
        credentials: Those of google-auth.
        context: Whose they are, in the words of an error text.
    """

    credentials: Any
    context: ErrorContext


def find_administrator(about: str, project: str) -> Caller:
    """Return the Application Default Credentials, as they are found now.

    Args:
        about: What is administered.
        project: The project that a missing permission has to be granted on.

    Raises:
        StorageCredentialError: There are none.
    """
    context = ErrorContext(
        about=about,
        service="Google",
        credentials="the administrator's Google credentials",
        remedy=(f"Run 'gcloud auth application-default login', or set {GOOGLE_CREDENTIALS}."),
        resource=f"the project {project}",
    )
    require_path_variables(about, GOOGLE_CREDENTIALS, *TLS_PATHS)
    sdk = import_sdk()
    try:
        credentials, _ = sdk.auth.default(scopes=_CLOUD_PLATFORM_SCOPE)
    except (sdk.auth_errors.GoogleAuthError, *_UNREADABLE):
        if os.environ.get("STORAGE_EMULATOR_HOST"):
            return Caller(sdk.credentials.AnonymousCredentials(), context)
        # What google-auth says may quote the credential: it is never repeated.
        raise StorageCredentialError(
            f"{about}: {context.explain(_describe_missing_credentials())}"
        ) from None
    return Caller(credentials, context)


def parse_service_account_key(key: str, about: str, resource: str) -> Caller:
    """Return the credentials of the service account whose key file is given as JSON text.

    Args:
        key: The key file.
        about: What is written to.
        resource: What a missing permission has to be granted on.

    Raises:
        StorageCredentialError: The key cannot be read.
    """
    content = {"token_uri": _TOKEN_URI, **json.loads(key)}
    context = ErrorContext(
        about=about,
        service="Google",
        credentials=f"the credentials of the service account {content.get('client_email')}",
        remedy=(
            "The key or its account was deleted or disabled: create another key (raise "
            "key_generation where this stack creates it)."
        ),
        resource=resource,
        secrets=(key, content["private_key"]),
    )
    try:
        credentials = import_sdk().service_account.Credentials.from_service_account_info(
            content, scopes=_READ_WRITE_SCOPE
        )
    except (ValueError, KeyError, TypeError):
        raise StorageCredentialError(
            f"{about}: {context.credentials} cannot be read. Give the whole key file, as "
            "Google made it."
        ) from None
    return Caller(credentials, context)


def _describe_missing_credentials() -> str:
    path = os.environ.get(GOOGLE_CREDENTIALS)
    if not path:
        return "there are no credentials for {service}. {remedy}"
    if not Path(path).is_file():
        return f"there is no file at the path in {GOOGLE_CREDENTIALS}. {{remedy}}"
    return (
        f"the file that {GOOGLE_CREDENTIALS} names holds no credentials that google-auth can "
        "read. Download the key file again, or unset the variable and run 'gcloud auth "
        "application-default login'."
    )
