"""IAM users that can write below a prefix of a bucket and do nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from realtimekit_provider.errors import StorageCredentialError, StorageNotFoundError
from realtimekit_provider.storage.backends.aws.models import AwsWriter
from realtimekit_provider.storage.backends.aws.partitions import partition_of_region
from realtimekit_provider.storage.backends.ports import Credential
from realtimekit_provider.storage.backends.s3 import buckets as s3
from realtimekit_provider.storage.backends.s3.errors import (
    ErrorContext,
    none_if_missing,
    translate_errors,
)

__all__ = ["AwsWriterBackend", "user_name", "write_policy"]

_POLICY = "write-recordings"
_LONGEST_NAME = 64


class AwsWriterBackend:
    """A user for each generation, with one inline policy and one access key."""

    def create(self, writer: AwsWriter, generation: int) -> Credential:
        with _administering(writer, generation) as (iam, user, context):
            _have_user(iam, writer, user, context)
            _put_policy(iam, writer, user)
            _delete_keys(iam, user)
            key = iam.create_access_key(UserName=user)["AccessKey"]
            # A repeated request may have made two: of the other one nobody knows the secret.
            _delete_keys(iam, user, but=key["AccessKeyId"])
            return {"access_key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}

    def is_intact(self, writer: AwsWriter, generation: int, credential: Credential) -> bool:
        with _administering(writer, generation) as (iam, user, _):
            return (
                none_if_missing(iam.get_user, UserName=user) is not None
                and _policy_of(iam, user) == write_policy(writer)
                and not any(_foreign_rights(iam, user))
                and credential["access_key"] in _active_keys(iam, user)
            )

    def restore(self, writer: AwsWriter, generation: int) -> None:
        with _administering(writer, generation) as (iam, user, context):
            if none_if_missing(iam.get_user, UserName=user) is None:
                raise StorageNotFoundError(
                    f"{context.about} is gone, and its key with it. Raise key_generation to "
                    f"{generation + 1} to have a new one made."
                )
            _put_policy(iam, writer, user)
            _take_foreign_rights(iam, user)

    def delete(self, writer: AwsWriter, generation: int) -> None:
        with _administering(writer, generation) as (iam, user, _):
            if none_if_missing(iam.get_user, UserName=user) is None:
                return
            _delete_keys(iam, user)
            _take_foreign_rights(iam, user)
            none_if_missing(iam.delete_user_policy, UserName=user, PolicyName=_POLICY)
            none_if_missing(iam.delete_user, UserName=user)


@contextmanager
def _administering(writer: AwsWriter, generation: int) -> Iterator[tuple[Any, str, ErrorContext]]:
    user = user_name(writer, generation)
    context = _administrator(writer, user)
    with translate_errors(context), closing(s3.client("iam", writer.region)) as iam:
        yield iam, user, context


def user_name(writer: AwsWriter, generation: int) -> str:
    """Return the name of a generation's user, at most 64 characters long."""
    end = f"-{writer.mark}-g{generation}"
    return writer.name[: _LONGEST_NAME - len(end)].rstrip("-") + end


def write_policy(writer: AwsWriter) -> dict[str, Any]:
    """Return what a writer may do: put objects below its prefix and abort unfinished uploads.

    With a key of KMS it may also have that key encrypt. Decrypting is part of it, because S3
    reads the parts of a large upload to complete it; it is allowed through S3 alone, where the
    writer may not get an object.
    """
    bucket = f"arn:{partition_of_region(writer.region).name}:s3:::{writer.bucket}"
    below = f"{_literally(writer.prefix)}/*" if writer.prefix else "*"
    write = {
        "Sid": "WriteRecordings",
        "Effect": "Allow",
        "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
        "Resource": f"{bucket}/{below}",
    }
    encrypt = [_encrypt_statement(writer)] if writer.kms_key else []
    return {"Version": "2012-10-17", "Statement": [write, *encrypt]}


def _encrypt_statement(writer: AwsWriter) -> dict[str, Any]:
    through_s3 = f"s3.{writer.region}.{partition_of_region(writer.region).domain}"
    return {
        "Sid": "EncryptRecordings",
        "Effect": "Allow",
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": writer.kms_key,
        "Condition": {"StringEquals": {"kms:ViaService": through_s3}},
    }


def _literally(prefix: str) -> str:
    """In a policy ``*``, ``?`` and ``$`` are patterns, unless they are written as variables."""
    return re.sub(r"[*?$]", lambda found: f"${{{found.group()}}}", prefix)


def _administrator(writer: AwsWriter, user: str) -> ErrorContext:
    return ErrorContext(
        about=f"The IAM user {user} (writer of the bucket {writer.bucket}, {writer.region})",
        cloud="AWS",
        credentials="the administrator's credentials",
        remedy="Log in again or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        resource=f"arn:{partition_of_region(writer.region).name}:iam::ACCOUNT:user/{user}",
    )


def _have_user(iam: Any, writer: AwsWriter, user: str, context: ErrorContext) -> None:
    tags = {"realtimekit-mark": writer.mark, "realtimekit-bucket": writer.bucket}
    try:
        iam.create_user(UserName=user, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])
    except iam.exceptions.EntityAlreadyExistsException:
        found = {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName=user)["Tags"]}
        if {key: found.get(key) for key in tags} != tags:
            raise StorageCredentialError(
                f"{context.about} exists already, and its tags do not say that this stack made it "
                "for this bucket. Delete it, or give the storage another name."
            ) from None


def _put_policy(iam: Any, writer: AwsWriter, user: str) -> None:
    policy = json.dumps(write_policy(writer))
    iam.put_user_policy(UserName=user, PolicyName=_POLICY, PolicyDocument=policy)


def _policy_of(iam: Any, user: str) -> object:
    answer = none_if_missing(iam.get_user_policy, UserName=user, PolicyName=_POLICY)
    return answer["PolicyDocument"] if answer else None


def _active_keys(iam: Any, user: str) -> set[str]:
    keys = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    return {key["AccessKeyId"] for key in keys if key["Status"] == "Active"}


def _delete_keys(iam: Any, user: str, but: str | None = None) -> None:
    for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        if key["AccessKeyId"] != but:
            none_if_missing(iam.delete_access_key, UserName=user, AccessKeyId=key["AccessKeyId"])


_Taking = tuple[Callable[..., Mapping[str, Any]], dict[str, str]]


def _foreign_rights(iam: Any, user: str) -> Iterator[_Taking]:
    """Yield whatever else gives the user rights, as the call that takes it away."""
    for name in iam.list_user_policies(UserName=user)["PolicyNames"]:
        if name != _POLICY:
            yield iam.delete_user_policy, {"PolicyName": name}
    for one in iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]:
        yield iam.detach_user_policy, {"PolicyArn": one["PolicyArn"]}
    for group in iam.list_groups_for_user(UserName=user)["Groups"]:
        yield iam.remove_user_from_group, {"GroupName": group["GroupName"]}


def _take_foreign_rights(iam: Any, user: str) -> None:
    for call, names in _foreign_rights(iam, user):
        none_if_missing(call, UserName=user, **names)
