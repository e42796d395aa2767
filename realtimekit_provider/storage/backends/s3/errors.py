"""How S3 and IAM say no, in this project's words: the one table of their codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.redaction import redact
from realtimekit_provider.storage.backends.missing_sdk import missing_sdk

__all__ = [
    "ELSEWHERE_CODES",
    "ErrorContext",
    "code_of",
    "none_if_missing",
    "sdk",
    "translate_errors",
]

ELSEWHERE_CODES = frozenset(
    {
        "301",
        "PermanentRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    }
)
"""The codes that mean: this bucket is in another region."""

_LONGEST_QUOTE = 400
_ABSENT = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchEntity",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "OwnershipControlsNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)


@dataclass(frozen=True)
class ErrorContext:
    """Who asks what of whom: the words in which a refusal is told.

    Attributes:
        about: The location, as a sentence begins with it.
        cloud: Who answers.
        credentials: Whose credentials were used, as a plural that a sentence goes on from.
        remedy: How to come to other credentials, as an order.
        resource: What a missing permission has to be granted on.
        secrets: What no text may hold.
    """

    about: str
    cloud: str
    credentials: str
    remedy: str
    resource: str
    secrets: tuple[str, ...] = field(default=(), repr=False)


def sdk(module: str) -> Any:
    """Import a module of boto3, or say how to install it."""
    try:
        return import_module(module)
    except ImportError:
        raise missing_sdk("AWS and Spaces", "aws") from None


def code_of(error: Any) -> str:
    """Return the code of a ``ClientError``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def none_if_missing(
    call: Callable[..., Mapping[str, Any]], **names: Any
) -> Mapping[str, Any] | None:
    """Call, and return ``None`` where the answer is that there is no such thing."""
    try:
        return call(**names)
    except sdk("botocore.exceptions").ClientError as error:
        if code_of(error) in _ABSENT:
            return None
        raise


@contextmanager
def translate_errors(context: ErrorContext) -> Iterator[None]:
    """Turn whatever the SDK raises inside into the project's own exceptions."""
    exceptions = sdk("botocore.exceptions")
    try:
        yield
    except exceptions.ClientError as error:
        raise _refusal(error, context) from None
    except exceptions.BotoCoreError as error:
        raise _no_answer(error, context) from None


def _refusal(error: Any, context: ErrorContext) -> StorageError:
    code, status = code_of(error), _status_of(error)
    kind, meaning = ERROR_CODES.get(code, (None, "{quote}"))
    if kind is None:
        kind = StorageUnreachableError if status >= _OWN_FAULT else StorageCredentialError
    words = {
        "credentials": context.credentials,
        "permission": _permission(error.operation_name),
        "resource": context.resource,
        "remedy": context.remedy,
        "quote": _quote(error, context),
    }
    return kind(
        f"{context.about}: {context.cloud} answered {error.operation_name} with {code} "
        f"(HTTP {status}): {meaning.format(**words)}"
    )


def _status_of(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _quote(error: Any, context: ErrorContext) -> str:
    said = " ".join(str(error.response.get("Error", {}).get("Message", "")).split())
    return (
        f"it says: {redact(said, context.secrets)[:_LONGEST_QUOTE]}" if said else "it says no more"
    )


def _no_answer(error: Any, context: ErrorContext) -> StorageError:
    name = type(error).__name__
    for names, kind, meaning in TRANSPORT_ERRORS:
        if name in names:
            words = {"credentials": context.credentials, "remedy": context.remedy}
            return kind(f"{context.about}: {meaning.format(cloud=context.cloud, **words)} ({name})")
    return StorageUnreachableError(
        f"{context.about}: the SDK of {context.cloud} gave up with {name}: "
        f"{redact(str(error), context.secrets)[:_LONGEST_QUOTE]}"
    )


_OWN_FAULT = 500
_Meaning = tuple[type[StorageError], str]

_UNKNOWN_KEY: _Meaning = (
    StorageCredentialError,
    "it does not know {credentials}: wrong, deleted, or made a moment ago. {remedy}",
)
_EXPIRED: _Meaning = (StorageCredentialError, "{credentials} have expired. {remedy}")
_LACKING: _Meaning = (
    StorageCredentialError,
    "{credentials} lack {permission}. Grant it on {resource}; {quote}",
)
_NO_REASON: _Meaning = (
    StorageCredentialError,
    "{credentials} are wrong, expired or lack {permission}, or the name is taken. {remedy}",
)
_NO_BUCKET: _Meaning = (
    StorageNotFoundError,
    "there is no such bucket. Mend its name or region, or make it.",
)
_ELSEWHERE: _Meaning = (
    StorageCredentialError,
    "the bucket is in another region, or the endpoint is another region's. Mend region; {quote}",
)
_BUSY: _Meaning = (StorageUnreachableError, "it is busy. Run again in a minute.")

ERROR_CODES: Mapping[str, _Meaning] = {
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "InvalidToken": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "SignatureDoesNotMatch": (
        StorageCredentialError,
        "the secret is not the one that belongs to the access key. {remedy}",
    ),
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "RequestTimeTooSkewed": (
        StorageCredentialError,
        "the clock of this machine is wrong: set it, and run again.",
    ),
    "AccessDenied": _LACKING,
    "AccessDeniedException": _LACKING,
    "AllAccessDisabled": _LACKING,
    "UnauthorizedOperation": _LACKING,
    "403": _NO_REASON,
    "400": _NO_REASON,
    "NoSuchBucket": _NO_BUCKET,
    "404": _NO_BUCKET,
    "NoSuchEntity": (StorageNotFoundError, "it is not there. Run again; {quote}"),
    **dict.fromkeys(ELSEWHERE_CODES, _ELSEWHERE),
    "InvalidLocationConstraint": _ELSEWHERE,
    "BucketAlreadyExists": (
        StorageCredentialError,
        "another account has a bucket of this name. Choose another name.",
    ),
    "BucketNotEmpty": (StorageNotEmptyError, "it holds objects."),
    "OperationAborted": _BUSY,
    "SlowDown": _BUSY,
    "Throttling": _BUSY,
    "ThrottlingException": _BUSY,
    "RequestTimeout": _BUSY,
    "ConcurrentModification": _BUSY,
    "EntityTemporarilyUnmodifiable": _BUSY,
}

TRANSPORT_ERRORS: tuple[tuple[frozenset[str], type[StorageError], str], ...] = (
    (
        frozenset({"NoCredentialsError"}),
        StorageCredentialError,
        "there are no credentials to ask {cloud} with. {remedy}",
    ),
    (
        frozenset(
            {
                "CredentialRetrievalError",
                "LoginRefreshRequired",
                "NoAuthTokenError",
                "PartialCredentialsError",
                "ProfileNotFound",
                "SSOTokenLoadError",
                "TokenRetrievalError",
                "UnauthorizedSSOTokenError",
            }
        ),
        StorageCredentialError,
        "{credentials} are not complete or no longer valid. {remedy}",
    ),
    (
        frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError"}),
        StorageUnreachableError,
        "no connection to {cloud}. Is the region right, and may this machine reach it?",
    ),
    (
        frozenset({"SSLError"}),
        StorageUnreachableError,
        "TLS to {cloud} failed: is the certificate one that is trusted here?",
    ),
    (
        frozenset({"ReadTimeoutError", "ConnectionClosedError", "ResponseStreamingError"}),
        StorageUnreachableError,
        "{cloud} did not answer in time. Run again.",
    ),
)


def _permission(operation: str) -> str:
    if operation in _PERMISSIONS:
        return _PERMISSIONS[operation]
    is_iam = "User" in operation or "AccessKey" in operation
    return f"{'iam' if is_iam else 's3'}:{operation}"


_PERMISSIONS: Mapping[str, str] = {
    "HeadBucket": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "CreateMultipartUpload": "s3:PutObject",
    "DeleteObjects": "s3:DeleteObject and s3:DeleteObjectVersion",
    "DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
