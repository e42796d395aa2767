"""Existing storage is written to, and otherwise left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.pulumi_cli.storage.support.clouds import PREFIX, Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

FOREIGN_FILE = "foreign.txt"
ADMINISTRATORS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "SPACES_ACCESS_KEY_ID",
    "SPACES_SECRET_ACCESS_KEY",
    "AZURE_STORAGE_CONNECTION_STRING",
    "GOOGLE_APPLICATION_CREDENTIALS",
)
S3_SETTINGS = (
    "bucket_acl",
    "bucket_encryption",
    "bucket_lifecycle_configuration",
    "bucket_ownership_controls",
    "bucket_policy",
    "bucket_tagging",
    "bucket_versioning",
    "public_access_block",
)


def test_an_existing_bucket_is_neither_changed_nor_deleted(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Even ``on_delete: force`` takes only what is ours: writer, credential and gate."""
    storage = [
        declare(existing=True, on_delete="force")
        for declare in (clouds.declare_aws, clouds.declare_spaces, clouds.declare_gcs)
    ] + [clouds.declare_sftp(existing=True, on_delete="force")]
    storage += [clouds.declare_azure(existing=True, on_delete="force")] if clouds.azurite else []
    for one in storage:
        _create(clouds, one)
    before = [_read_settings(clouds, one) for one in storage]
    names = [one.name for one in storage]
    recording = build_recording(emulated_api.meeting_id, *names)
    project.declare(dict(zip(names, storage, strict=True)), {"standup": recording})
    project.up()
    project.destroy()
    assert [_read_settings(clouds, one) for one in storage] == before
    for one in storage:
        files = sorted(one.files())
        assert [name for name in files if name.endswith(FOREIGN_FILE)]
        assert len([name for name in files if PREFIX in name and "standup" in name]) == 1
    assert clouds.list_aws_writers(storage[0]) == []
    assert clouds.list_gcs_writers(storage[2]) == []


def test_a_given_credential_for_an_existing_bucket_needs_no_administrator(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """The gate alone asks the cloud, with the very credential; a wrong one starts nothing."""
    storage = list(_declare_with_credentials(clouds))
    for one in storage:
        _create(clouds, one)
    for variable in ADMINISTRATORS:
        project.environment.pop(variable, None)
    names = [one.name for one in storage]
    recordings = {"standup": build_recording(emulated_api.meeting_id, *names)}
    wrong = storage[0].with_changes(secret="a-wrong-secret-of-forty-characters-length")
    project.declare(dict(zip(names, [wrong, *storage[1:]], strict=True)), recordings)
    outcome = project.try_up()
    assert outcome.code != 0
    assert f"The path {PREFIX}/ in the bucket {wrong.bucket} (aws, eu-west-1)" in outcome.output
    assert emulated_api.control.recordings() == []

    project.declare(dict(zip(names, storage, strict=True)), recordings)
    project.up()
    types = [one["type"] for one in project.read_resources()]
    assert not [one for one in types if one.endswith("StorageWriter")]
    project.run("preview", "--refresh", "--expect-no-changes")
    project.destroy()
    for one in storage:
        files = [name for name in one.files() if PREFIX in name]
        assert len(files) == 1, files


def _declare_with_credentials(clouds: Clouds) -> Iterator[Storage]:
    aws = clouds.declare_aws(existing=True)
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{aws.bucket}/*"}
    access_key, secret = clouds.moto.create_user(f"given-{aws.bucket}", allowed)
    yield aws.with_changes(access_key=access_key, secret=secret)
    yield clouds.declare_spaces(existing=True)
    gcs = clouds.declare_gcs(existing=True)
    key = clouds.gcs_server.iam.admin_key(clouds.gcs_server.token_uri)
    yield Storage({**gcs.declared, "key": {"fromConfig": "gcsKey"}}, gcs.files, {"gcsKey": key})
    if clouds.azurite:
        azure = clouds.declare_azure(existing=True)
        yield azure.with_changes(access_key=clouds.azurite.connection_string())


def _create(clouds: Clouds, storage: Storage) -> None:
    """Create a bucket or folder without the provider, with a file in it."""
    kind, bucket = storage.declared["type"], storage.bucket
    if kind in {"aws", "digitalocean"}:
        s3 = clouds.moto.client("s3")
        where = {"LocationConstraint": storage.declared["region"].lower()}
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        s3.put_object(Bucket=bucket, Key=FOREIGN_FILE, Body=b"foreign")
    elif kind == "gcs":
        region = storage.declared["region"].upper()
        clouds.gcs_server.storage.create_bucket(bucket, {"name": bucket, "location": region})
        clouds.gcs_server.put(bucket, FOREIGN_FILE)
    elif kind == "azure" and clouds.azurite:
        with clouds.azurite.client() as client:
            client.create_container(bucket).upload_blob(FOREIGN_FILE, b"foreign")
    else:
        folder = clouds.sftp_server.root / storage.bucket
        folder.mkdir(parents=True)
        (folder / FOREIGN_FILE).write_bytes(b"foreign")


def _read_settings(clouds: Clouds, storage: Storage) -> Any:
    """Return all settings of a bucket; of a folder, its mode."""
    kind, bucket = storage.declared["type"], storage.bucket
    if kind in {"aws", "digitalocean"}:
        return [_read_s3_setting(clouds, name, bucket) for name in S3_SETTINGS]
    if kind == "gcs":
        bindings = clouds.gcs_server.iam.policy(bucket, "3").get("bindings", [])
        return [deepcopy(clouds.gcs_server.bucket(bucket)), deepcopy(bindings)]
    if kind == "azure" and clouds.azurite:
        with clouds.azurite.client() as client:
            policy = client.get_container_client(bucket).get_container_access_policy()
            return [policy["public_access"], policy["signed_identifiers"]]
    return (clouds.sftp_server.root / bucket).stat().st_mode


def _read_s3_setting(clouds: Clouds, name: str, bucket: str) -> Any:
    try:
        found = getattr(clouds.moto.client("s3"), f"get_{name}")(Bucket=bucket)
    except ClientError as error:
        return str(error)
    return {key: value for key, value in found.items() if key != "ResponseMetadata"}
