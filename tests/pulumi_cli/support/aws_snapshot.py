"""What a deployment made in AWS, as calls that make it again in another moto."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tools.test_servers.moto_server import MotoServer

__all__ = ["Call", "read_calls", "repeat_calls"]

_BUCKET_SETTINGS = {
    "bucket_encryption": ("ServerSideEncryptionConfiguration",) * 2,
    "bucket_lifecycle_configuration": ("Rules", "LifecycleConfiguration.Rules"),
    "bucket_ownership_controls": ("OwnershipControls",) * 2,
    "bucket_policy": ("Policy",) * 2,
    "bucket_tagging": ("TagSet", "Tagging.TagSet"),
    "public_access_block": ("PublicAccessBlockConfiguration",) * 2,
}
"""By what boto3 names a setting: the keys of its value in the response and in the request."""


@dataclass(frozen=True)
class Call:
    """A call of boto3.

    Attributes:
        service: ``s3`` or ``iam``.
        operation: The name of the client's method.
        arguments: Its arguments.
    """

    service: str
    operation: str
    arguments: Mapping[str, Any]


def read_calls(moto: MotoServer) -> list[Call]:
    """Return the calls that make all buckets, and all users but the administrator."""
    s3 = moto.client("s3")
    buckets = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    calls = [call for bucket in buckets for call in _read_bucket(s3, bucket)]
    return [*calls, *_read_users(moto.client("iam"))]


def _read_bucket(s3: Any, bucket: str) -> list[Call]:
    where = {"LocationConstraint": s3.get_bucket_location(Bucket=bucket)["LocationConstraint"]}
    calls = [Call("s3", "create_bucket", {"Bucket": bucket, "CreateBucketConfiguration": where})]
    for name, (response_key, request_key) in _BUCKET_SETTINGS.items():
        with suppress(ClientError):  # the bucket has no such setting
            value = getattr(s3, f"get_{name}")(Bucket=bucket)[response_key]
            outer, _, inner = request_key.partition(".")
            argument = {outer: {inner: value} if inner else value}
            calls.append(Call("s3", f"put_{name}", {"Bucket": bucket, **argument}))
    return calls


def _read_users(iam: Any) -> list[Call]:
    calls = []
    for name in (one["UserName"] for one in iam.list_users()["Users"]):
        if name == "administrator":
            continue
        user = {"UserName": name}
        tags = iam.list_user_tags(**user)["Tags"]
        calls.append(Call("iam", "create_user", {**user, "Tags": tags}))
        for policy in iam.list_user_policies(**user)["PolicyNames"]:
            found = iam.get_user_policy(**user, PolicyName=policy)
            document = {"PolicyName": policy, "PolicyDocument": found["PolicyDocument"]}
            calls.append(Call("iam", "put_user_policy", {**user, **document}))
        keys = iam.list_access_keys(**user)["AccessKeyMetadata"]
        calls += [Call("iam", "create_access_key", user) for _ in keys]
    return calls


def repeat_calls(moto: MotoServer, calls: Sequence[Call]) -> list[tuple[str, str]]:
    """Make the calls, and return the new access keys: id and secret of each."""
    keys = []
    for call in calls:
        client = moto.client(call.service)
        arguments = dict(call.arguments)
        if call.operation == "put_user_policy":
            arguments["PolicyDocument"] = json.dumps(arguments["PolicyDocument"])
        response = getattr(client, call.operation)(**arguments)
        if key := response.get("AccessKey"):
            keys.append((key["AccessKeyId"], key["SecretAccessKey"]))
    return keys
