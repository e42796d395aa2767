"""IAM users that can write below a prefix of a bucket and do nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from typing_extensions import override

from realtimekit_provider.constants import MARK_KEY
from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.aws.administrator import build_administrator_context
from realtimekit_provider.storage.backends.aws.models import AwsWriter
from realtimekit_provider.storage.backends.aws.partitions import get_partition
from realtimekit_provider.storage.backends.aws.write_policy import build_write_policy
from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.ports import Credential, WriterBackend, WriterClient
from realtimekit_provider.storage.backends.s3.client import create_client
from realtimekit_provider.storage.backends.s3.errors import none_if_missing, translate_errors

__all__ = ["AwsWriterBackend", "build_user_name"]

_POLICY = "write-recordings"
_BUCKET_TAG = "realtimekit-bucket"
_MAX_NAME_LENGTH = 64


class AwsWriterBackend(WriterBackend[AwsWriter]):
    """A user for each generation, with one inline policy and one access key."""

    @override
    @contextmanager
    def connect(self, writer: AwsWriter, generation: int) -> Iterator[AwsWriterClient]:
        """Open a client of the user of a generation."""
        user = build_user_name(writer, generation)
        where = f"writer of the bucket {writer.bucket}"
        context = build_administrator_context(
            describe("IAM user", user, "aws", where, writer.region),
            f"arn:{get_partition(writer.region).name}:iam::ACCOUNT:user/{user}",
        )
        region = normalize_region(writer.region)
        with translate_errors(context), closing(create_client("iam", region)) as iam:
            yield AwsWriterClient(iam, writer, user, context.about)


class AwsWriterClient(WriterClient):
    """One IAM user."""

    mark_field = "tags"

    def __init__(self, iam: Any, writer: AwsWriter, user: str, about: str) -> None:
        self._iam = iam
        self._writer = writer
        self._user = user
        self._tags = {MARK_KEY: writer.mark, _BUCKET_TAG: writer.bucket}
        self.about = about
        self.mark = _format_tags(self._tags)

    @override
    def create(self) -> bool:
        tags = [{"Key": key, "Value": value} for key, value in self._tags.items()]
        try:
            self._iam.create_user(UserName=self._user, Tags=tags)
        except self._iam.exceptions.EntityAlreadyExistsException:
            return False
        self._put_policy()
        return True

    @override
    def read_mark(self) -> str | None:
        answer = none_if_missing(self._iam.list_user_tags, UserName=self._user)
        if answer is None:
            return None
        tags = {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
        return _format_tags({key: tags[key] for key in self._tags if key in tags})

    @override
    def build_mark_command(self) -> str:
        pairs = " ".join(f"Key={key},Value={value}" for key, value in self._tags.items())
        return f"aws iam tag-user --user-name {self._user} --tags {pairs}"

    @override
    def create_credential(self) -> Credential:
        _delete_keys(self._iam, self._user)
        key = self._iam.create_access_key(UserName=self._user)["AccessKey"]
        # A repeated request may have made two: of the other one nobody knows the secret.
        _delete_keys(self._iam, self._user, keep=key["AccessKeyId"])
        return {"access_key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}

    @override
    def is_in_sync(self, credential: Credential) -> bool:
        return (
            self._read_policy() == build_write_policy(self._writer)
            and not any(_list_foreign_rights(self._iam, self._user))
            and credential["access_key"] in _list_active_keys(self._iam, self._user)
        )

    @override
    def restore(self) -> None:
        self._put_policy()
        _remove_foreign_rights(self._iam, self._user)

    @override
    def delete(self) -> None:
        none_if_missing(self._delete_user)

    def _delete_user(self) -> Mapping[str, Any]:
        _delete_keys(self._iam, self._user)
        _remove_foreign_rights(self._iam, self._user)
        none_if_missing(self._iam.delete_user_policy, UserName=self._user, PolicyName=_POLICY)
        answer: Mapping[str, Any] = self._iam.delete_user(UserName=self._user)
        return answer

    def _put_policy(self) -> None:
        policy = json.dumps(build_write_policy(self._writer))
        self._iam.put_user_policy(UserName=self._user, PolicyName=_POLICY, PolicyDocument=policy)

    def _read_policy(self) -> object:
        answer = none_if_missing(self._iam.get_user_policy, UserName=self._user, PolicyName=_POLICY)
        return answer["PolicyDocument"] if answer else None


def build_user_name(writer: AwsWriter, generation: int) -> str:
    """Return the name of a generation's user, at most 64 characters long."""
    end = f"-{writer.mark}-g{generation}"
    return writer.name[: _MAX_NAME_LENGTH - len(end)].rstrip("-") + end


def _format_tags(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in tags.items())


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
