"""What the codes of S3 and IAM mean, and the names of the permissions that operations need."""

from __future__ import annotations

import re
from collections.abc import Mapping

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.errors import ErrorMeaning

__all__ = [
    "ERROR_CODES",
    "MISSING_CODES",
    "OTHER_REGION_CODES",
    "TRANSPORT_ERRORS",
    "UNREADABLE",
    "get_meaning",
    "get_permission",
    "parse_missing_right",
]

OTHER_REGION_CODES = frozenset(
    {
        "301",
        "PermanentRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    }
)
"""The codes that mean: this bucket is in another region."""

MISSING_CODES = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchEntity",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "NoSuchTagSet",
        "OwnershipControlsNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
"""The codes that mean: there is no such bucket, setting or user."""

_UNKNOWN_KEY = ErrorMeaning(
    StorageCredentialError,
    "it does not know {credentials}: they are wrong, were deleted, or are seconds old. {remedy}",
)
_EXPIRED = ErrorMeaning(StorageCredentialError, "{credentials} have expired. {remedy}")
_LACKING = ErrorMeaning(
    StorageCredentialError,
    "{credentials} lack {permission}. Grant it on {resource}. {quote}",
)
_DENIED = ErrorMeaning(
    StorageCredentialError,
    "a policy denies {permission} to {credentials}, whatever else is granted. Change the policy "
    "that denies it, of the bucket, the user or the organization. {quote}",
)
_KMS_KEY = ErrorMeaning(
    StorageSettingsError,
    "the KMS key that the bucket encrypts with is disabled, being deleted or not there. Enable it, "
    "or declare another key as encryption. {quote}",
)
_NO_REASON = ErrorMeaning(
    StorageCredentialError,
    "{credentials} are wrong, expired or lack {permission}, or the name is taken. {remedy}",
)
_NO_BUCKET = ErrorMeaning(
    StorageNotFoundError,
    "there is no such bucket. Correct its name or region, or create it.",
)
_OTHER_REGION = ErrorMeaning(
    StorageSettingsError,
    "the bucket is in another region, or the endpoint is another region's. Correct the region. "
    "{quote}",
)
_BUSY = ErrorMeaning(StorageUnreachableError, "it is busy. Deploy again in a minute.")
_FAILED = ErrorMeaning(
    StorageUnreachableError,
    "it failed, which is not your fault. Deploy again in a minute. {quote}",
)
_UNKNOWN_CODE = ErrorMeaning(
    StorageCredentialError,
    "this code is not known here. Look it up in the documentation of {service}. {quote}",
)

ERROR_CODES: Mapping[str, ErrorMeaning] = {
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "InvalidToken": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "SignatureDoesNotMatch": ErrorMeaning(
        StorageCredentialError,
        "the secret is not the one that belongs to the access key. {remedy}",
    ),
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "RequestTimeTooSkewed": ErrorMeaning(
        StorageSettingsError,
        "the clock of this machine is wrong. Set it, and deploy again.",
    ),
    "AccessDenied": _LACKING,
    "AccessDeniedException": _LACKING,
    "AllAccessDisabled": _LACKING,
    "UnauthorizedOperation": _LACKING,
    "403": _NO_REASON,
    "400": _NO_REASON,
    "NoSuchBucket": _NO_BUCKET,
    "404": _NO_BUCKET,
    "NoSuchEntity": ErrorMeaning(
        StorageNotFoundError, "there is no such entity. Deploy again. {quote}"
    ),
    **dict.fromkeys(OTHER_REGION_CODES, _OTHER_REGION),
    "InvalidLocationConstraint": _OTHER_REGION,
    "InvalidBucketName": ErrorMeaning(
        StorageSettingsError,
        "the bucket's name is not allowed. Choose another name. {quote}",
    ),
    "BucketAlreadyExists": ErrorMeaning(
        StorageConflictError,
        "another account has a bucket of this name. Choose another name.",
    ),
    "BucketNotEmpty": ErrorMeaning(StorageNotEmptyError, "it holds objects. Move them away."),
    "KMS.DisabledException": _KMS_KEY,
    "KMS.KMSInvalidStateException": _KMS_KEY,
    "KMS.NotFoundException": _KMS_KEY,
    "OperationAborted": _BUSY,
    "SlowDown": _BUSY,
    "Throttling": _BUSY,
    "ThrottlingException": _BUSY,
    "RequestTimeout": _BUSY,
    "ConcurrentModification": _BUSY,
    "EntityTemporarilyUnmodifiable": _BUSY,
}
"""What each code means."""

UNREADABLE = (
    "a key, a token or an address cannot be sent. Look for a line break or another character that "
    "does not belong there, in the endpoint, in the variables of {service} and in HTTPS_PROXY."
)
"""What is wrong where the SDK fails before it sends anything."""

TRANSPORT_ERRORS: tuple[tuple[frozenset[str], ErrorMeaning], ...] = (
    (
        frozenset({"NoCredentialsError"}),
        ErrorMeaning(StorageCredentialError, "there are no credentials for {service}. {remedy}"),
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
        ErrorMeaning(
            StorageCredentialError, "{credentials} are incomplete or no longer valid. {remedy}"
        ),
    ),
    (
        frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError"}),
        ErrorMeaning(
            StorageUnreachableError,
            "no connection to {service}. Check the region, the network and any proxy.",
        ),
    ),
    (
        frozenset({"HTTPClientError", "EndpointResolutionError", "InvalidProxiesConfigError"}),
        ErrorMeaning(StorageSettingsError, UNREADABLE),
    ),
    (
        frozenset({"SSLError"}),
        ErrorMeaning(
            StorageUnreachableError,
            "TLS to {service} failed. Check that this machine trusts the certificate.",
        ),
    ),
    (
        frozenset({"ReadTimeoutError", "ConnectionClosedError", "ResponseStreamingError"}),
        ErrorMeaning(StorageUnreachableError, "no answer from {service} in time. Deploy again."),
    ),
)
"""What botocore's exceptions mean where no answer arrived, by the names of their classes."""

_FIRST_SERVER_ERROR = 500


def get_meaning(code: str, status: int, message: str = "") -> ErrorMeaning:
    """Return what an answer means, by its code, or else by its HTTP status.

    Args:
        code: The code.
        status: The HTTP status.
        message: AWS' own text, which tells a right that is denied from one that is not granted.
    """
    meaning = ERROR_CODES.get(code, _FAILED if status >= _FIRST_SERVER_ERROR else _UNKNOWN_CODE)
    return _DENIED if meaning is _LACKING and "explicit deny" in message else meaning


def parse_missing_right(message: str) -> tuple[str, str]:
    """Return the action that an answer says is not allowed, and on what; empty where it does not.

    It may be another one than the operation's own: whoever writes to a bucket that encrypts with
    a KMS key also needs a right on that key.
    """
    found = _NOT_AUTHORIZED.search(message)
    return (found["action"], found["resource"] or "") if found else ("", "")


def get_permission(operation: str) -> str:
    """Return the permission that an operation needs: most have the operation's own name."""
    if operation in _PERMISSIONS:
        return _PERMISSIONS[operation]
    is_iam = "User" in operation or "AccessKey" in operation
    return f"{'iam' if is_iam else 's3'}:{operation}"


_NOT_AUTHORIZED = re.compile(
    r"not authorized to perform:? (?P<action>[a-z0-9-]+:[A-Za-z0-9]+)"
    r"(?: on resource: \"?(?P<resource>arn:[^\s\"]+))?"
)

_PERMISSIONS: Mapping[str, str] = {
    "HeadBucket": "s3:ListBucket",
    "ListBuckets": "s3:ListAllMyBuckets",
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
