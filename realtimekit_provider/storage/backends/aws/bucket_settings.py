"""The settings of an S3 bucket: as declared, and as they are."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.storage.backends.aws.models import AwsLocation
from realtimekit_provider.storage.backends.aws.partitions import build_bucket_arn
from realtimekit_provider.storage.backends.s3.bucket_settings import (
    is_public,
    put_lifecycle,
    put_policy,
    read_lifecycle_days,
    read_statements,
)
from realtimekit_provider.storage.backends.s3.errors import none_if_missing

__all__ = ["apply_settings", "read_settings"]

_TLS_ONLY = "RealtimeKitTlsOnly"
_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def apply_settings(client: Any, location: AwsLocation) -> None:
    """Give the bucket the settings that are declared."""
    bucket = location.bucket
    _put_policy(client, location)
    client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=_BLOCKED)
    ownership = {"Rules": [{"ObjectOwnership": location.ownership}]}
    client.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=ownership)
    client.put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [_build_encryption(location)]}
    )
    _put_versioning(client, location)
    put_lifecycle(client, location, versions=True)


def read_settings(client: Any, location: AwsLocation) -> dict[str, Any]:
    """Return the settings as they are.

    Keys: ``public_access``, ``ownership``, ``encryption``, ``tls_only``, ``versioning``,
    ``retention_days`` and ``abort_uploads_days``, as in :class:`AwsLocation`.
    """
    bucket = location.bucket
    return {
        "public_access": _read_public_access(client, bucket),
        "ownership": _read_ownership(client, bucket),
        "encryption": _read_encryption(client, bucket),
        "tls_only": _build_tls_statement(location) in read_statements(client, bucket),
        "versioning": client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled",
        **read_lifecycle_days(client, bucket),
    }


def _read_public_access(client: Any, bucket: str) -> str:
    answer = none_if_missing(client.get_public_access_block, Bucket=bucket) or {}
    blocked = answer.get("PublicAccessBlockConfiguration", {})
    return "blocked" if all(blocked.get(key) for key in _BLOCKED) else "open"


def _read_ownership(client: Any, bucket: str) -> str:
    answer = none_if_missing(client.get_bucket_ownership_controls, Bucket=bucket)
    return str(answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"]) if answer else "none"


def _build_encryption(location: AwsLocation) -> dict[str, Any]:
    if location.encryption == "AES256":
        return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    default = {"SSEAlgorithm": "aws:kms"}
    if location.encryption != "aws:kms":
        default["KMSMasterKeyID"] = location.encryption
    return {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}


def _read_encryption(client: Any, bucket: str) -> str:
    answer = none_if_missing(client.get_bucket_encryption, Bucket=bucket)
    if answer is None:
        return "none"
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    return str(default.get("KMSMasterKeyID") or default["SSEAlgorithm"])


def _put_versioning(client: Any, location: AwsLocation) -> None:
    """A bucket that never had versions is left so: it can only be suspended, not undone."""
    status = client.get_bucket_versioning(Bucket=location.bucket).get("Status")
    declared = "Enabled" if location.versioning else "Suspended"
    if status != declared and (status or location.versioning):
        client.put_bucket_versioning(
            Bucket=location.bucket, VersioningConfiguration={"Status": declared}
        )


def _put_policy(client: Any, location: AwsLocation) -> None:
    """Somebody's own statements stay, except those that open the bucket to everybody."""
    current = read_statements(client, location.bucket)
    statements = [one for one in current if one.get("Sid") != _TLS_ONLY and not is_public(one)]
    if location.tls_only:
        statements.append(_build_tls_statement(location))
    put_policy(client, location.bucket, current, statements)


def _build_tls_statement(location: AwsLocation) -> dict[str, Any]:
    arn = build_bucket_arn(location.bucket, location.region)
    return {
        "Sid": _TLS_ONLY,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
