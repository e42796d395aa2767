"""IAM users that can write below a prefix and do nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotFoundError,
)
from realtimekit_provider.storage.backends.aws.models import AwsLocation, AwsWriter
from realtimekit_provider.storage.backends.aws.write_policy import build_write_policy
from realtimekit_provider.storage.backends.aws.write_probe import AwsWriteProbe
from realtimekit_provider.storage.backends.aws.writer_backend import (
    build_user_name,
)
from tests.storage.backends.aws.aws_setup import (
    HARMLESS,
    MARK,
    REGION,
    config_of,
    declared,
    deny,
    parse_writer,
)
from tests.storage.locations import OTHER_MARK, locations
from tests.storage.writers import writers_of
from tools.test_servers.moto_server import MotoServer

pytestmark = pytest.mark.usefixtures("aws_environment")


@pytest.fixture
def location() -> AwsLocation:
    """A bucket that is there."""
    location = declared(retention_days=30)
    locations("aws").create(location)
    return location


@pytest.fixture
def writer(location: AwsLocation) -> AwsWriter:
    return parse_writer(location)


@pytest.fixture
def credential(writer: AwsWriter) -> Mapping[str, str]:
    return writers_of("aws").create(writer, 1)


@pytest.fixture
def as_writer(moto: MotoServer, credential: Mapping[str, str]) -> Callable[[str], Any]:
    def client(service: str) -> Any:
        return moto.client(service, credential["access_key"], credential["secret"])

    return client


def _denied(call: Callable[..., Any], **names: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**names)
    assert caught.value.response["Error"]["Code"] in {"AccessDenied", "403"}, caught.value


def test_a_writer_puts_below_its_prefix(
    admin: Any, location: AwsLocation, as_writer: Callable[[str], Any]
) -> None:
    as_writer("s3").put_object(Bucket=location.bucket, Key="calls/tracks/a.webm", Body=b"webm")
    body = admin.get_object(Bucket=location.bucket, Key="calls/tracks/a.webm")["Body"].read()
    assert body == b"webm"


def test_a_writer_puts_large_files_in_parts(
    admin: Any, location: AwsLocation, as_writer: Callable[[str], Any]
) -> None:
    client, named = as_writer("s3"), {"Bucket": location.bucket, "Key": "calls/tracks/a.webm"}
    upload = client.create_multipart_upload(**named)["UploadId"]
    part = client.upload_part(**named, UploadId=upload, PartNumber=1, Body=b"webm")
    parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    client.complete_multipart_upload(**named, UploadId=upload, MultipartUpload=parts)
    assert admin.get_object(**named)["Body"].read() == b"webm"


def test_a_writer_can_do_nothing_else(
    admin: Any, location: AwsLocation, writer: AwsWriter, as_writer: Callable[[str], Any]
) -> None:
    client, iam, sts = as_writer("s3"), as_writer("iam"), as_writer("sts")
    own = {"Bucket": location.bucket, "Key": "calls/tracks/a.webm"}
    other = declared()
    locations("aws").create(other)
    admin.put_object(**own, Body=b"1")
    _denied(client.get_object, **own)
    _denied(client.head_object, **own)
    _denied(client.delete_object, **own)
    _denied(client.put_object_acl, **own, ACL="public-read")
    _denied(client.list_objects_v2, Bucket=location.bucket)
    _denied(client.list_objects_v2, Bucket=location.bucket, Prefix="calls/tracks/")
    _denied(client.list_object_versions, Bucket=location.bucket)
    _denied(client.list_multipart_uploads, Bucket=location.bucket)
    _denied(client.list_buckets)
    _denied(client.put_object, Bucket=location.bucket, Key="calls/a.webm", Body=b"1")
    _denied(client.put_object, Bucket=location.bucket, Key="calls/tracks-too/a.webm", Body=b"1")
    _denied(client.put_object, Bucket=location.bucket, Key="a.webm", Body=b"1")
    _denied(client.put_object, Bucket=other.bucket, Key="calls/tracks/a.webm", Body=b"1")
    _denied(client.put_bucket_policy, Bucket=location.bucket, Policy="{}")
    _denied(client.get_bucket_policy, Bucket=location.bucket)
    _denied(client.delete_bucket, Bucket=location.bucket)
    _denied(iam.list_users)
    _denied(iam.create_access_key, UserName=build_user_name(writer, 1))
    _denied(iam.delete_user, UserName=build_user_name(writer, 1))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [HARMLESS]})
    put = {"UserName": build_user_name(writer, 1), "PolicyName": "more", "PolicyDocument": policy}
    _denied(iam.put_user_policy, **put)
    _denied(sts.assume_role, RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="session")


@pytest.mark.parametrize(
    ("prefix", "resource"),
    [
        ("", "arn:aws:s3:::recordings/*"),
        ("calls", "arn:aws:s3:::recordings/calls/*"),
        ("c*?$lls", "arn:aws:s3:::recordings/c${*}${?}${$}lls/*"),
    ],
)
def test_a_policy_grants_putting_and_aborting_below_the_prefix(prefix: str, resource: str) -> None:
    """What are patterns in a policy are written as variables that stand for themselves."""
    writer = AwsWriter(name="archive", mark=MARK, bucket="recordings", prefix=prefix, region=REGION)
    assert build_write_policy(writer) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "WriteRecordings",
                "Effect": "Allow",
                "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
                "Resource": resource,
            }
        ],
    }


@pytest.mark.parametrize(
    ("partition", "region", "through"),
    [
        ("aws", "eu-west-1", "s3.eu-west-1.amazonaws.com"),
        ("aws-cn", "cn-north-1", "s3.cn-north-1.amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-west-1", "s3.us-gov-west-1.amazonaws.com"),
    ],
)
def test_a_policy_lets_a_key_of_kms_be_used_through_s3_alone(
    partition: str, region: str, through: str
) -> None:
    key = f"arn:{partition}:kms:{region}:123456789012:key/k"
    writer = AwsWriter(name="a", mark=MARK, bucket="rec", region=region, kms_key=key)
    write, encrypt = build_write_policy(writer)["Statement"]
    assert write["Resource"] == f"arn:{partition}:s3:::rec/*"
    assert encrypt == {
        "Sid": "EncryptRecordings",
        "Effect": "Allow",
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": key,
        "Condition": {"StringEquals": {"kms:ViaService": through}},
    }


def test_a_user_has_one_policy_one_key_and_says_whose_it_is(
    iam: Any, writer: AwsWriter, credential: Mapping[str, str]
) -> None:
    user = {"UserName": f"archive-{writer.mark}-g1"}
    assert iam.list_user_policies(**user)["PolicyNames"] == ["write-recordings"]
    policy = iam.get_user_policy(**user, PolicyName="write-recordings")["PolicyDocument"]
    assert policy == build_write_policy(writer)
    keys = iam.list_access_keys(**user)["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in keys] == [credential["access_key"]]
    tags = {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(**user)["Tags"]}
    assert tags == {"realtimekit-mark": writer.mark, "realtimekit-bucket": writer.bucket}


def test_a_users_name_is_as_long_as_iam_allows() -> None:
    long = AwsWriter(name="a" * 31 + "b", mark="m" * 30, bucket="rec", region=REGION)
    name = build_user_name(long, 1234)
    assert len(name) == 64
    assert name.endswith(f"-{'m' * 30}-g1234")


def test_a_writer_of_an_interrupted_run_is_taken_over_with_a_new_key(
    iam: Any, location: AwsLocation, writer: AwsWriter, credential: Mapping[str, str]
) -> None:
    """Two unknown keys are all that IAM allows: both go first."""
    iam.create_access_key(UserName=build_user_name(writer, 1))
    again = writers_of("aws").create(writer, 1)
    keys = iam.list_access_keys(UserName=build_user_name(writer, 1))["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in keys] == [again["access_key"]]
    with pytest.raises(StorageCredentialError, match="InvalidAccessKeyId"):
        AwsWriteProbe().check(config_of(location, credential), None)
    AwsWriteProbe().check(config_of(location, again), None)


def test_somebodys_user_of_the_same_name_is_left_alone(iam: Any, writer: AwsWriter) -> None:
    iam.create_user(UserName=build_user_name(writer, 1))
    iam.create_access_key(UserName=build_user_name(writer, 1))
    with pytest.raises(StorageConflictError, match=r"exists already, and its mark \(tags\)"):
        writers_of("aws").create(writer, 1)
    assert len(iam.list_access_keys(UserName=build_user_name(writer, 1))["AccessKeyMetadata"]) == 1
    assert iam.list_user_policies(UserName=build_user_name(writer, 1))["PolicyNames"] == []


def test_a_writer_of_another_bucket_keeps_its_key(
    iam: Any, writer: AwsWriter, credential: Mapping[str, str]
) -> None:
    """Renamed by an alias it has the name that a new component of the old name would take."""
    with pytest.raises(StorageConflictError, match="so it is another writer"):
        writers_of("aws").create(writer.model_copy(update={"bucket": "another"}), 1)
    keys = iam.list_access_keys(UserName=build_user_name(writer, 1))["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in keys] == [credential["access_key"]]


@pytest.mark.parametrize("act", ["restore", "delete"])
def test_a_user_that_carries_another_mark_is_neither_changed_nor_deleted(
    iam: Any, writer: AwsWriter, credential: Mapping[str, str], act: str
) -> None:
    """Whatever its name is; a refresh shows it as changed."""
    user = build_user_name(writer, 1)
    mark = {"Key": "realtimekit-mark", "Value": OTHER_MARK}
    iam.tag_user(UserName=user, Tags=[mark])
    assert not writers_of("aws").is_in_sync(writer, 1, credential)
    with pytest.raises(StorageConflictError) as refusal:
        getattr(writers_of("aws"), act)(writer, 1)
    assert f"its mark (tags) is 'realtimekit-mark={OTHER_MARK}" in str(refusal.value)
    assert "Delete it" not in str(refusal.value)
    assert f"aws iam tag-user --user-name {user} --tags" in str(refusal.value)
    keys = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in keys] == [credential["access_key"]]
    assert iam.list_user_policies(UserName=user)["PolicyNames"] == ["write-recordings"]


def test_generations_live_side_by_side(
    location: AwsLocation, writer: AwsWriter, credential: Mapping[str, str]
) -> None:
    writers, probe = writers_of("aws"), AwsWriteProbe()
    second = writers.create(writer, 2)
    probe.check(config_of(location, credential), None)
    probe.check(config_of(location, second), None)
    writers.delete(writer, 1)
    with pytest.raises(StorageCredentialError, match="InvalidAccessKeyId"):
        probe.check(config_of(location, credential), None)
    probe.check(config_of(location, second), None)


def _widen_the_policy(iam: Any, user: str) -> None:
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
        }
    )
    iam.put_user_policy(UserName=user, PolicyName="write-recordings", PolicyDocument=policy)


def _take_the_policy(iam: Any, user: str) -> None:
    iam.delete_user_policy(UserName=user, PolicyName="write-recordings")


def _add_a_policy(iam: Any, user: str) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": [HARMLESS]})
    iam.put_user_policy(UserName=user, PolicyName="more", PolicyDocument=policy)


def _attach_a_policy(iam: Any, user: str) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [HARMLESS]})
    made = iam.create_policy(PolicyName=f"p-{uuid4().hex[:8]}", PolicyDocument=document)
    iam.attach_user_policy(UserName=user, PolicyArn=made["Policy"]["Arn"])


def _add_to_a_group(iam: Any, user: str) -> None:
    group = f"g-{uuid4().hex[:8]}"
    iam.create_group(GroupName=group)
    iam.add_user_to_group(GroupName=group, UserName=user)


RIGHTS = [
    _widen_the_policy,
    _take_the_policy,
    _add_a_policy,
    _attach_a_policy,
    _add_to_a_group,
]


@pytest.mark.parametrize("somebody", RIGHTS)
def test_changed_rights_are_seen_and_restored_without_touching_the_key(
    iam: Any,
    location: AwsLocation,
    writer: AwsWriter,
    credential: Mapping[str, str],
    somebody: Callable[[Any, str], None],
) -> None:
    writers = writers_of("aws")
    assert writers.is_in_sync(writer, 1, credential)
    somebody(iam, build_user_name(writer, 1))
    assert not writers.is_in_sync(writer, 1, credential)
    writers.restore(writer, 1)
    assert writers.is_in_sync(writer, 1, credential)
    AwsWriteProbe().check(config_of(location, credential), None)


@pytest.mark.parametrize("somebody", RIGHTS)
def test_a_writer_goes_with_whatever_somebody_gave_it(
    iam: Any, writer: AwsWriter, credential: Mapping[str, str], somebody: Callable[[Any, str], None]
) -> None:
    writers = writers_of("aws")
    somebody(iam, build_user_name(writer, 1))
    writers.delete(writer, 1)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_user(UserName=build_user_name(writer, 1))
    writers.delete(writer, 1)
    assert not writers.is_in_sync(writer, 1, credential)


def test_a_key_that_was_deleted_or_switched_off_is_seen(
    iam: Any, writer: AwsWriter, credential: Mapping[str, str]
) -> None:
    named = {"UserName": build_user_name(writer, 1), "AccessKeyId": credential["access_key"]}
    iam.update_access_key(**named, Status="Inactive")
    assert not writers_of("aws").is_in_sync(writer, 1, credential)
    iam.update_access_key(**named, Status="Active")
    assert writers_of("aws").is_in_sync(writer, 1, credential)
    iam.delete_access_key(**named)
    assert not writers_of("aws").is_in_sync(writer, 1, credential)


def test_a_writer_that_is_gone_cannot_be_restored(writer: AwsWriter) -> None:
    with pytest.raises(StorageNotFoundError, match=r"Raise key_generation to 4"):
        writers_of("aws").restore(writer, 3)


@pytest.mark.parametrize(
    ("action", "method"),
    [
        ("iam:CreateUser", "create"),
        ("iam:PutUserPolicy", "create"),
        ("iam:CreateAccessKey", "create"),
        ("iam:ListUserTags", "delete"),
    ],
)
def test_a_missing_permission_on_users_is_named(
    moto: MotoServer, monkeypatch: pytest.MonkeyPatch, writer: AwsWriter, action: str, method: str
) -> None:
    key, secret = moto.create_user(f"limited-{uuid4().hex[:8]}", *deny(action))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    with pytest.raises(StorageCredentialError, match=f"lack {action}. Grant it") as caught:
        getattr(writers_of("aws"), method)(writer, 1)
    assert build_user_name(writer, 1) in str(caught.value)
