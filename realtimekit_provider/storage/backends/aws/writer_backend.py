"""IAM users that can write below a prefix of a bucket and do nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from realtimekit_provider.errors import StorageConflictError, StorageNotFoundError
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.aws.administrator import build_administrator_context
from realtimekit_provider.storage.backends.aws.bucket_tags import MARK_TAG
from realtimekit_provider.storage.backends.aws.models import AwsWriter
from realtimekit_provider.storage.backends.aws.partitions import get_partition
from realtimekit_provider.storage.backends.aws.write_policy import build_write_policy
from realtimekit_provider.storage.backends.errors import ErrorContext, describe
from realtimekit_provider.storage.backends.ports import Credential
from realtimekit_provider.storage.backends.s3.client import create_client
from realtimekit_provider.storage.backends.s3.errors import none_if_missing, translate_errors

__all__ = ["AwsWriterBackend", "build_user_name"]

_POLICY = "write-recordings"
_BUCKET_TAG = "realtimekit-bucket"
_MAX_NAME_LENGTH = 64


class AwsWriterBackend:
    """A user for each generation, with one inline policy and one access key."""

    def create(self, writer: AwsWriter, generation: int) -> Credential:
        with _connect(writer, generation) as (iam, user, context):
            _ensure_user(iam, writer, user, context)
            _put_policy(iam, writer, user)
            _delete_keys(iam, user)
            key = iam.create_access_key(UserName=user)["AccessKey"]
            # A repeated request may have made two: of the other one nobody knows the secret.
            _delete_keys(iam, user, keep=key["AccessKeyId"])
            return {"access_key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}

    def is_in_sync(self, writer: AwsWriter, generation: int, credential: Credential) -> bool:
        with _connect(writer, generation) as (iam, user, _):
            return (
                _read_tags(iam, user) == _build_tags(writer)
                and _read_policy(iam, user) == build_write_policy(writer)
                and not any(_list_foreign_rights(iam, user))
                and credential["access_key"] in _list_active_keys(iam, user)
            )

    def restore(self, writer: AwsWriter, generation: int) -> None:
        with _connect(writer, generation) as (iam, user, context):
            tags = _read_tags(iam, user)
            if tags is None:
                raise StorageNotFoundError(
                    f"{context.about}: the user was deleted, and its key with it. Raise "
                    f"key_generation to {generation + 1}, which creates a new one."
                )
            _require_own(tags, writer, user, context)
            _put_policy(iam, writer, user)
            _remove_foreign_rights(iam, user)

    def delete(self, writer: AwsWriter, generation: int) -> None:
        with _connect(writer, generation) as (iam, user, context):
            tags = _read_tags(iam, user)
            if tags is None:
                return
            _require_own(tags, writer, user, context)
            _delete_keys(iam, user)
            _remove_foreign_rights(iam, user)
            none_if_missing(iam.delete_user_policy, UserName=user, PolicyName=_POLICY)
            none_if_missing(iam.delete_user, UserName=user)


def build_user_name(writer: AwsWriter, generation: int) -> str:
    """Return the name of a generation's user, at most 64 characters long."""
    end = f"-{writer.mark}-g{generation}"
    return writer.name[: _MAX_NAME_LENGTH - len(end)].rstrip("-") + end


@contextmanager
def _connect(writer: AwsWriter, generation: int) -> Iterator[tuple[Any, str, ErrorContext]]:
    user = build_user_name(writer, generation)
    context = build_administrator_context(
        describe("IAM user", user, "aws", f"writer of the bucket {writer.bucket}", writer.region),
        f"arn:{get_partition(writer.region).name}:iam::ACCOUNT:user/{user}",
    )
    region = normalize_region(writer.region)
    with translate_errors(context), closing(create_client("iam", region)) as iam:
        yield iam, user, context


def _ensure_user(iam: Any, writer: AwsWriter, user: str, context: ErrorContext) -> None:
    tags = [{"Key": key, "Value": value} for key, value in _build_tags(writer).items()]
    try:
        iam.create_user(UserName=user, Tags=tags)
    except iam.exceptions.EntityAlreadyExistsException:
        found = _read_tags(iam, user) or {}
        if found != _build_tags(writer):
            raise StorageConflictError(
                f"{context.about}: it exists already, and its tags do not say that this stack "
                f"made it for this bucket: {_describe_tag(found, writer)}. Delete it, or give the "
                "storage another name."
            ) from None


def _build_tags(writer: AwsWriter) -> dict[str, str]:
    return {MARK_TAG: writer.mark, _BUCKET_TAG: writer.bucket}


def _read_tags(iam: Any, user: str) -> dict[str, str] | None:
    """Return those tags of the user that say whose it is, ``None`` where there is no user."""
    answer = none_if_missing(iam.list_user_tags, UserName=user)
    if answer is None:
        return None
    tags = {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
    return {key: tags[key] for key in (MARK_TAG, _BUCKET_TAG) if key in tags}


def _require_own(
    tags: Mapping[str, str], writer: AwsWriter, user: str, context: ErrorContext
) -> None:
    """A user whose key recordings may be writing with: nobody is told to delete it."""
    declared = _build_tags(writer)
    if tags != declared:
        pairs = " ".join(f"Key={key},Value={value}" for key, value in declared.items())
        raise StorageConflictError(
            f"{context.about}: its tags no longer say that this stack made it for this bucket: "
            f"{_describe_tag(tags, writer)}. So it was not changed. If it is this stack's, tag it "
            "as such with the command below, and deploy again.\n"
            f"aws iam tag-user --user-name {user} --tags {pairs}"
        )


def _describe_tag(tags: Mapping[str, str], writer: AwsWriter) -> str:
    return f"{MARK_TAG} is {tags.get(MARK_TAG, 'missing')}, and not {writer.mark}"


def _put_policy(iam: Any, writer: AwsWriter, user: str) -> None:
    policy = json.dumps(build_write_policy(writer))
    iam.put_user_policy(UserName=user, PolicyName=_POLICY, PolicyDocument=policy)


def _read_policy(iam: Any, user: str) -> object:
    answer = none_if_missing(iam.get_user_policy, UserName=user, PolicyName=_POLICY)
    return answer["PolicyDocument"] if answer else None


def _list_active_keys(iam: Any, user: str) -> set[str]:
    keys = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    return {key["AccessKeyId"] for key in keys if key["Status"] == "Active"}


def _delete_keys(iam: Any, user: str, keep: str | None = None) -> None:
    for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        if key["AccessKeyId"] != keep:
            none_if_missing(iam.delete_access_key, UserName=user, AccessKeyId=key["AccessKeyId"])


_Removal = tuple[Callable[..., Mapping[str, Any]], dict[str, str]]


def _list_foreign_rights(iam: Any, user: str) -> Iterator[_Removal]:
    """Yield whatever else gives the user rights, as the call that removes it."""
    for name in iam.list_user_policies(UserName=user)["PolicyNames"]:
        if name != _POLICY:
            yield iam.delete_user_policy, {"PolicyName": name}
    for one in iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]:
        yield iam.detach_user_policy, {"PolicyArn": one["PolicyArn"]}
    for group in iam.list_groups_for_user(UserName=user)["Groups"]:
        yield iam.remove_user_from_group, {"GroupName": group["GroupName"]}


def _remove_foreign_rights(iam: Any, user: str) -> None:
    for call, parameters in _list_foreign_rights(iam, user):
        none_if_missing(call, UserName=user, **parameters)
