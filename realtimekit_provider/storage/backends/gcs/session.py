"""Authorized calls to Google's REST APIs."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from tenacity import stop_after_attempt

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.gcs.api import (
    ApiCall,
    ApiResponse,
    is_busy,
    parse_response,
)
from realtimekit_provider.storage.backends.gcs.errors import build_response_error, translate_errors
from realtimekit_provider.storage.backends.gcs.sdk import create_authorized_session, import_sdk
from realtimekit_provider.storage.backends.path_variables import (
    GOOGLE_CREDENTIALS,
    TLS_PATHS,
    require_path_variables,
)
from realtimekit_provider.storage.backends.retry import retry_until

__all__ = ["GoogleSession"]

_CLOUD_PLATFORM_SCOPE = ("https://www.googleapis.com/auth/cloud-platform",)
_READ_WRITE_SCOPE = ("https://www.googleapis.com/auth/devstorage.read_write",)

_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a token

_TIMEOUTS = (10, 30)
_ATTEMPTS = 2
_PAUSE_SECONDS = 1.0
_FIRST_FAILURE = 300  # a redirect would take the token elsewhere
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


class GoogleSession:
    """Calls in the name of one identity; every failure is a :class:`StorageError`."""

    def __init__(self, credentials: Any, context: ErrorContext) -> None:
        """Open a session.

        Args:
            credentials: Those of google-auth.
            context: Whose they are; each call says itself what it is about.
        """
        self._session = create_authorized_session(credentials)
        self._context = context

    @classmethod
    def for_administrator(cls, about: str, project: str) -> GoogleSession:
        """Return a session of the Application Default Credentials, as they are found now.

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
        except (sdk.exceptions.GoogleAuthError, *_UNREADABLE):
            if os.environ.get("STORAGE_EMULATOR_HOST"):
                return cls(sdk.credentials.AnonymousCredentials(), context)
            # What google-auth says may quote the credential: it is never repeated.
            raise StorageCredentialError(
                f"{about}: {context.explain(_describe_missing_credentials())}"
            ) from None
        return cls(credentials, context)

    @classmethod
    def for_key(cls, key: str, about: str, resource: str) -> GoogleSession:
        """Return a session of the service account whose key file is given as JSON text.

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
        return cls(credentials, context)

    def send(self, call: ApiCall, *tolerated: int) -> ApiResponse:
        """Send a call and return its answer.

        Args:
            call: The call.
            tolerated: Statuses above 299 that the caller deals with.

        Raises:
            StorageError: There is no answer, or it says no.
        """
        context = replace(self._context, about=call.about)
        with translate_errors(context):
            response = retry_until(
                lambda answer: not is_busy(answer),
                lambda: self._send_once(call),
                stop=stop_after_attempt(_ATTEMPTS if call.is_repeatable else 1),
                pause=_PAUSE_SECONDS,
                is_transient=_is_transient,
            )
        if response.status >= _FIRST_FAILURE and response.status not in tolerated:
            raise build_response_error(call, response, context)
        return response

    def _send_once(self, call: ApiCall) -> ApiResponse:
        return parse_response(
            self._session.request(
                call.method,
                call.url,
                params=dict(call.params),
                json=call.body,
                timeout=_TIMEOUTS,
                allow_redirects=False,
            )
        )


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


def _is_transient(error: BaseException) -> bool:
    exceptions = import_sdk().exceptions
    if isinstance(error, (exceptions.RefreshError, exceptions.MalformedError)):
        return False
    return isinstance(error, (exceptions.GoogleAuthError, OSError))
