"""Google's answers and the errors of its SDK, translated into this project's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.errors import (
    ErrorContext,
    ErrorMeaning,
    build_answer_error,
    list_error_names,
)
from realtimekit_provider.storage.backends.gcs.api import (
    ApiResponse,
    Operation,
    is_busy,
    parse_response,
)
from realtimekit_provider.storage.backends.gcs.sdk import import_sdk
from realtimekit_provider.storage.backends.path_variables import (
    TLS_PATHS,
    require_path_variables,
)

__all__ = ["ERROR_CODES", "build_response_error", "translate_errors"]

_OAUTH_CODES = frozenset(
    {
        "access_denied",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)

_MISSING_PERMISSION = re.compile(
    r"does not have ([a-z]+(?:\.[A-Za-z]+){2}) access"
    r"|Permission '([a-z]+(?:\.[A-Za-z]+){2})' denied"
)

_LACKING = ErrorMeaning(
    StorageCredentialError,
    "{credentials} lack {permission}. Grant it on {resource}. {quote}",
)
_KMS_KEY = ErrorMeaning(
    StorageSettingsError,
    "Cloud Storage itself may not use the KMS key that the bucket encrypts with. Grant "
    "roles/cloudkms.cryptoKeyEncrypterDecrypter on that key to the project's Cloud Storage service "
    "agent ('gcloud storage service-agent' prints it). {quote}",
)
_API_DISABLED = ErrorMeaning(
    StorageSettingsError,
    "the project has this API switched off. Enable it with 'gcloud services enable'. {quote}",
)
_BUSY = ErrorMeaning(
    StorageUnreachableError,
    "it is busy or failed, which is not your fault. Deploy again in a minute. {quote}",
)
_NOT_ACCEPTED = ErrorMeaning(
    StorageSettingsError,
    "it does not accept what is declared. Correct the declaration. {quote}",
)

ERROR_CODES: Mapping[int | str, ErrorMeaning] = {
    "SERVICE_DISABLED": _API_DISABLED,
    "accessNotConfigured": _API_DISABLED,
    401: _LACKING,
    403: _LACKING,
    404: ErrorMeaning(
        StorageNotFoundError, "it does not exist. Correct its name, or create it. {quote}"
    ),
}
"""What each of Google's reasons means, and otherwise the HTTP status."""


def build_response_error(
    operation: Operation, response: ApiResponse, context: ErrorContext
) -> StorageError:
    """Return the error for an answer that says no."""
    named = _MISSING_PERMISSION.search(response.message)
    return build_answer_error(
        context,
        _get_meaning(response),
        operation=operation.name,
        status=response.status,
        code=next(iter(response.reasons), ""),
        permission=(named[1] or named[2]) if named else operation.permission,
        message=response.message,
    )


def _get_meaning(response: ApiResponse) -> ErrorMeaning:
    if is_busy(response):
        return _BUSY
    if "Cloud KMS key" in response.message:
        return _KMS_KEY
    codes: list[int | str] = [*response.reasons, response.status]
    return next((ERROR_CODES[code] for code in codes if code in ERROR_CODES), _NOT_ACCEPTED)


@contextmanager
def translate_errors(context: ErrorContext, operation: Operation) -> Iterator[None]:
    """Turn whatever Google's SDKs raise inside into a :class:`StorageError` about ``context``."""
    sdk = import_sdk()
    require_path_variables(context.about, *TLS_PATHS)
    try:
        yield
    except sdk.api_errors.GoogleAPICallError as error:
        # Its own text quotes the URL with the query: the answer is read again.
        raise build_response_error(operation, parse_response(error.response), context) from None
    except (sdk.auth_errors.RefreshError, sdk.auth_errors.MalformedError) as error:
        raise _translate_refresh_error(error, context) from None
    except (sdk.auth_errors.GoogleAuthError, OSError) as error:
        raise StorageUnreachableError(
            f"{context.about}: no answer from {context.service}. Check the network and any proxy. "
            f"(google-auth: {list_error_names(error)})"
        ) from None


def _translate_refresh_error(error: Any, context: ErrorContext) -> StorageError:
    if getattr(error, "retryable", False):
        return StorageUnreachableError(
            f"{context.about}: Google's token endpoint is busy or failed. Deploy again in a minute."
        )
    meaning = "Google does not accept {credentials}. {remedy}"
    code = _get_oauth_code(error)
    return StorageCredentialError(
        f"{context.about}: {context.explain(meaning)}{f' (OAuth: {code})' if code else ''}"
    )


def _get_oauth_code(error: Any) -> str:
    """Return the code alone: the rest of an answer may quote the credential that was sent."""
    answer = error.args[1] if len(error.args) > 1 else {}
    code = answer.get("error") if isinstance(answer, Mapping) else ""
    return code if isinstance(code, str) and code in _OAUTH_CODES else ""
