"""S3 buckets: private, encrypted, owner-enforced, TLS only; and the proof that a key writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from realtimekit_provider.clouds import s3
from realtimekit_provider.clouds.aws_iam import AwsWriters
from realtimekit_provider.clouds.s3_errors import Asker, asking, found_or_none
from realtimekit_provider.clouds.s3_places import S3Places
from realtimekit_provider.clouds.s3_settings import (
    days_of,
    opens,
    put_life_cycle,
    put_policy,
    statements_of,
)
from realtimekit_provider.wire.places import AwsPlace
from realtimekit_provider.wire.storage import AwsStorageConfig, StorageConfig

__all__ = ["AwsPlaces", "AwsProver", "AwsWriters"]

_TLS_ONLY = "RealtimeKitTlsOnly"
_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


class AwsPlaces(S3Places[AwsPlace]):
    """S3 buckets, administered with the credentials of boto3's own chain."""

    def __init__(self) -> None:
        super().__init__(_administering, _make, _settle, _as_it_is)


class AwsProver:
    """Proves an S3 key by beginning and aborting a multipart upload."""

    def prove(self, config: StorageConfig, host_key: str | None) -> None:  # noqa: ARG002 - SFTP's
        if not isinstance(config, AwsStorageConfig):
            raise TypeError(f"an S3 key was to be proven, not one of {config.type}")
        key, secret = config.access_key.get_secret_value(), config.secret.get_secret_value()
        own = {"aws_access_key_id": key, "aws_secret_access_key": secret}
        asker = _writer(config, key, secret)
        with asking(asker), closing(s3.client("s3", config.region, **own)) as client:
            s3.prove(client, config.bucket, config.path, asker)


@contextmanager
def _administering(place: AwsPlace) -> Iterator[tuple[Any, Asker]]:
    asker = _administrator(place)
    with asking(asker), closing(s3.client("s3", place.region)) as client:
        yield client, asker


def _administrator(place: AwsPlace) -> Asker:
    return Asker(
        about=f"The bucket {place.bucket} (aws, {place.region})",
        cloud="AWS",
        credentials="the administrator's credentials",
        remedy="Log in again or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        resource=_arn(place),
    )


def _writer(config: AwsStorageConfig, *secrets: str) -> Asker:
    below = f"{config.path.strip('/')}/*" if config.path and config.path.strip("/") else "*"
    return Asker(
        about=f"The bucket {config.bucket} (aws, {config.region})",
        cloud="AWS",
        credentials="the credentials of the storage_config",
        remedy="Give the key that the bucket's writer has now.",
        resource=f"arn:aws:s3:::{config.bucket}/{below}",
        secrets=secrets,
    )


def _make(client: Any, place: AwsPlace) -> None:
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
    client.create_bucket(
        Bucket=place.bucket,
        ObjectOwnership=place.ownership,
        **({} if place.region == "us-east-1" else elsewhere),
    )
    # What is settled next may not know the bucket yet: settings are eventually consistent.
    patience = {"Delay": 2, "MaxAttempts": 15}
    client.get_waiter("bucket_exists").wait(Bucket=place.bucket, WaiterConfig=patience)


def _settle(client: Any, place: AwsPlace) -> None:
    bucket = place.bucket
    _put_policy(client, place)
    client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=_BLOCKED)
    ownership = {"Rules": [{"ObjectOwnership": place.ownership}]}
    client.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=ownership)
    client.put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [_encryption(place)]}
    )
    _put_versioning(client, place)
    put_life_cycle(client, place, versions=True)


def _as_it_is(client: Any, place: AwsPlace) -> dict[str, Any]:
    bucket = place.bucket
    return {
        "public_access": _public_access(client, bucket),
        "ownership": _ownership(client, bucket),
        "encryption": _encryption_of(client, bucket),
        "tls_only": _tls_statement(place) in statements_of(client, bucket),
        "versioning": client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled",
        **days_of(client, bucket),
    }


def _public_access(client: Any, bucket: str) -> str:
    answer = found_or_none(client.get_public_access_block, Bucket=bucket) or {}
    blocked = answer.get("PublicAccessBlockConfiguration", {})
    return "blocked" if all(blocked.get(key) for key in _BLOCKED) else "open"


def _ownership(client: Any, bucket: str) -> str:
    answer = found_or_none(client.get_bucket_ownership_controls, Bucket=bucket)
    return str(answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"]) if answer else "none"


def _encryption(place: AwsPlace) -> dict[str, Any]:
    if place.encryption == "AES256":
        return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    default = {"SSEAlgorithm": "aws:kms"}
    if place.encryption != "aws:kms":
        default["KMSMasterKeyID"] = place.encryption
    return {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}


def _encryption_of(client: Any, bucket: str) -> str:
    answer = found_or_none(client.get_bucket_encryption, Bucket=bucket)
    if answer is None:
        return "none"
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    return str(default.get("KMSMasterKeyID") or default["SSEAlgorithm"])


def _put_versioning(client: Any, place: AwsPlace) -> None:
    """A bucket that never had versions is left so: it can only be suspended, not undone."""
    status = client.get_bucket_versioning(Bucket=place.bucket).get("Status")
    wanted = "Enabled" if place.versioning else "Suspended"
    if status != wanted and (status or place.versioning):
        client.put_bucket_versioning(
            Bucket=place.bucket, VersioningConfiguration={"Status": wanted}
        )


def _put_policy(client: Any, place: AwsPlace) -> None:
    """Somebody's own statements stay, except those that open the bucket to everybody."""
    found = statements_of(client, place.bucket)
    wanted = [one for one in found if one.get("Sid") != _TLS_ONLY and not opens(one)]
    if place.tls_only:
        wanted.append(_tls_statement(place))
    put_policy(client, place.bucket, found, wanted)


def _tls_statement(place: AwsPlace) -> dict[str, Any]:
    return {
        "Sid": _TLS_ONLY,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [_arn(place), f"{_arn(place)}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _arn(place: AwsPlace) -> str:
    """China and GovCloud are partitions of their own, told by their regions' names."""
    partitions = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
    starts = (name for start, name in partitions.items() if place.region.startswith(f"{start}-"))
    return f"arn:{next(starts, 'aws')}:s3:::{place.bucket}"
