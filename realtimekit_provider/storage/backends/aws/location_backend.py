"""S3 buckets: private, encrypted, owner-enforced, TLS only; and the proof that a key writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from realtimekit_provider.api.models.storage_config import AwsStorageConfig, StorageConfig
from realtimekit_provider.storage.backends.aws.models import AwsLocation
from realtimekit_provider.storage.backends.aws.partitions import partition_of_region
from realtimekit_provider.storage.backends.aws.writer_backend import AwsWriterBackend
from realtimekit_provider.storage.backends.s3 import buckets as s3
from realtimekit_provider.storage.backends.s3.bucket_settings import (
    is_public,
    put_lifecycle,
    put_policy,
    read_lifecycle_days,
    read_statements,
)
from realtimekit_provider.storage.backends.s3.errors import (
    ErrorContext,
    none_if_missing,
    translate_errors,
)
from realtimekit_provider.storage.backends.s3.location_backend import S3LocationBackend

__all__ = ["AwsLocationBackend", "AwsWriteProbe", "AwsWriterBackend"]

_TLS_ONLY = "RealtimeKitTlsOnly"
_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


class AwsLocationBackend(S3LocationBackend[AwsLocation]):
    """S3 buckets, administered with the credentials of boto3's own chain."""

    def __init__(self) -> None:
        super().__init__(_administering, _make, _apply_settings, _read_settings)


class AwsWriteProbe:
    """Proves an S3 key by beginning and aborting a multipart upload."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:  # noqa: ARG002 - SFTP's
        if not isinstance(config, AwsStorageConfig):
            raise TypeError(f"an S3 key was to be proven, not one of {config.type}")
        key, secret = config.access_key.get_secret_value(), config.secret.get_secret_value()
        own = {"aws_access_key_id": key, "aws_secret_access_key": secret}
        context = _writer(config, key, secret)
        with translate_errors(context), closing(s3.client("s3", config.region, **own)) as client:
            s3.prove(client, config.bucket, config.path, context)


@contextmanager
def _administering(location: AwsLocation) -> Iterator[tuple[Any, ErrorContext]]:
    context = _administrator(location)
    with translate_errors(context), closing(s3.client("s3", location.region)) as client:
        yield client, context


def _administrator(location: AwsLocation) -> ErrorContext:
    return ErrorContext(
        about=f"The bucket {location.bucket} (aws, {location.region})",
        cloud="AWS",
        credentials="the administrator's credentials",
        remedy="Log in again or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        resource=_arn(location),
    )


def _writer(config: AwsStorageConfig, *secrets: str) -> ErrorContext:
    below = f"{config.path.strip('/')}/*" if config.path and config.path.strip("/") else "*"
    return ErrorContext(
        about=f"The bucket {config.bucket} (aws, {config.region})",
        cloud="AWS",
        credentials="the credentials of the storage_config",
        remedy="Give the key that the bucket's writer has now.",
        resource=f"arn:{partition_of_region(config.region).name}:s3:::{config.bucket}/{below}",
        secrets=secrets,
    )


def _make(client: Any, location: AwsLocation) -> None:
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": location.region}}
    client.create_bucket(
        Bucket=location.bucket,
        ObjectOwnership=location.ownership,
        **({} if location.region == "us-east-1" else elsewhere),
    )
    # What is settled next may not know the bucket yet: settings are eventually consistent.
    patience = {"Delay": 2, "MaxAttempts": 15}
    client.get_waiter("bucket_exists").wait(Bucket=location.bucket, WaiterConfig=patience)


def _apply_settings(client: Any, location: AwsLocation) -> None:
    bucket = location.bucket
    _put_policy(client, location)
    client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=_BLOCKED)
    ownership = {"Rules": [{"ObjectOwnership": location.ownership}]}
    client.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=ownership)
    client.put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [_encryption(location)]}
    )
    _put_versioning(client, location)
    put_lifecycle(client, location, versions=True)


def _read_settings(client: Any, location: AwsLocation) -> dict[str, Any]:
    bucket = location.bucket
    return {
        "public_access": _public_access(client, bucket),
        "ownership": _ownership(client, bucket),
        "encryption": _encryption_of(client, bucket),
        "tls_only": _tls_statement(location) in read_statements(client, bucket),
        "versioning": client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled",
        **read_lifecycle_days(client, bucket),
    }


def _public_access(client: Any, bucket: str) -> str:
    answer = none_if_missing(client.get_public_access_block, Bucket=bucket) or {}
    blocked = answer.get("PublicAccessBlockConfiguration", {})
    return "blocked" if all(blocked.get(key) for key in _BLOCKED) else "open"


def _ownership(client: Any, bucket: str) -> str:
    answer = none_if_missing(client.get_bucket_ownership_controls, Bucket=bucket)
    return str(answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"]) if answer else "none"


def _encryption(location: AwsLocation) -> dict[str, Any]:
    if location.encryption == "AES256":
        return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    default = {"SSEAlgorithm": "aws:kms"}
    if location.encryption != "aws:kms":
        default["KMSMasterKeyID"] = location.encryption
    return {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}


def _encryption_of(client: Any, bucket: str) -> str:
    answer = none_if_missing(client.get_bucket_encryption, Bucket=bucket)
    if answer is None:
        return "none"
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    return str(default.get("KMSMasterKeyID") or default["SSEAlgorithm"])


def _put_versioning(client: Any, location: AwsLocation) -> None:
    """A bucket that never had versions is left so: it can only be suspended, not undone."""
    status = client.get_bucket_versioning(Bucket=location.bucket).get("Status")
    wanted = "Enabled" if location.versioning else "Suspended"
    if status != wanted and (status or location.versioning):
        client.put_bucket_versioning(
            Bucket=location.bucket, VersioningConfiguration={"Status": wanted}
        )


def _put_policy(client: Any, location: AwsLocation) -> None:
    """Somebody's own statements stay, except those that open the bucket to everybody."""
    found = read_statements(client, location.bucket)
    wanted = [one for one in found if one.get("Sid") != _TLS_ONLY and not is_public(one)]
    if location.tls_only:
        wanted.append(_tls_statement(location))
    put_policy(client, location.bucket, found, wanted)


def _tls_statement(location: AwsLocation) -> dict[str, Any]:
    return {
        "Sid": _TLS_ONLY,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [_arn(location), f"{_arn(location)}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _arn(location: AwsLocation) -> str:
    return f"arn:{partition_of_region(location.region).name}:s3:::{location.bucket}"
