"""A change that somebody made in a cloud is in the next preview, and undone by the next up."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest

from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

KEPT_DAYS = 30
OTHER_DAYS = 3


def test_a_change_in_the_cloud_is_shown_and_undone(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Opened buckets, deleted keys, shorter retention; a recording is uploaded as before."""
    aws, gcs = (
        clouds.declare_aws(retention_days=KEPT_DAYS),
        clouds.declare_gcs(retention_days=KEPT_DAYS),
    )
    storage = {aws.name: aws, gcs.name: gcs}
    project.declare(storage, {})
    project.up()
    before = [_read_aws_settings(clouds, aws), _read_gcs_settings(clouds, gcs)]
    _change_aws(clouds, aws)
    _change_gcs(clouds, gcs)
    assert _read_aws_settings(clouds, aws) != before[0]
    assert _read_gcs_settings(clouds, gcs) != before[1]
    project.refresh()
    preview = project.preview()
    assert preview.count('=> "blocked"') == 2
    assert preview.count(f"{OTHER_DAYS} => {KEPT_DAYS}") == 2
    assert preview.count("~ in_sync") == 2
    project.up()
    assert [_read_aws_settings(clouds, aws), _read_gcs_settings(clouds, gcs)] == before

    project.declare(storage, {"standup": build_recording(emulated_api.meeting_id, *storage)})
    assert "Storage" not in project.preview("--refresh")
    project.up()
    project.destroy()
    assert [len(one.files()) for one in storage.values()] == [1, 1]


def test_a_live_recording_says_that_its_key_was_deleted(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """And how the rest of the meeting is saved: that recording is uploaded with the new key."""
    aws = clouds.declare_aws()
    storage = {aws.name: aws}
    recordings = {"standup": build_recording(emulated_api.meeting_id, *storage)}
    project.declare(storage, recordings)
    project.up()
    _delete_aws_keys(clouds, aws)
    preview = project.preview("--refresh")
    assert "the key that this recording was started with, or what it may do, was changed" in preview
    assert "keeps those it was started with" not in preview
    printed = project.up("--refresh")
    assert "was deleted or lost its rights elsewhere: a new one is created" in printed
    advice = re.search(r"its files cannot be uploaded\..*pulumi up --replace '(\S+)'", printed)
    assert advice is not None
    replaced = project.up(f"--replace={advice[1]}")
    assert "replaces recording" in replaced
    project.destroy()
    assert len(aws.files()) == 1


def _read_aws_settings(clouds: Clouds, storage: Storage) -> list[Any]:
    s3 = clouds.moto.client("s3")
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=storage.bucket)
    closed = s3.get_public_access_block(Bucket=storage.bucket)
    return [lifecycle["Rules"], closed["PublicAccessBlockConfiguration"]]


def _read_gcs_settings(clouds: Clouds, storage: Storage) -> list[Any]:
    settings = clouds.gcs_server.bucket(storage.bucket)
    return deepcopy([settings["lifecycle"], settings["iamConfiguration"]])


def _change_aws(clouds: Clouds, storage: Storage) -> None:
    s3 = clouds.moto.client("s3")
    open_to_all = {"BlockPublicAcls": False, "BlockPublicPolicy": False}
    s3.put_public_access_block(Bucket=storage.bucket, PublicAccessBlockConfiguration=open_to_all)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=storage.bucket)["Rules"]
    for rule in rules:
        if "Expiration" in rule:
            rule["Expiration"] = {"Days": OTHER_DAYS}
    s3.put_bucket_lifecycle_configuration(
        Bucket=storage.bucket, LifecycleConfiguration={"Rules": rules}
    )
    _delete_aws_keys(clouds, storage)


def _delete_aws_keys(clouds: Clouds, storage: Storage) -> None:
    iam = clouds.moto.client("iam")
    (user,) = clouds.list_aws_writers(storage)
    for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])


def _change_gcs(clouds: Clouds, storage: Storage) -> None:
    settings = clouds.gcs_server.bucket(storage.bucket)
    settings["iamConfiguration"]["publicAccessPrevention"] = "inherited"
    for rule in settings["lifecycle"]["rule"]:
        rule["condition"]["age"] = OTHER_DAYS
    (account,) = clouds.list_gcs_writers(storage)
    account.keys.clear()
