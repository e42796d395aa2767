"""What somebody changed in a cloud is a line of the next preview, and mended by the next up."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.pulumi_cli.storage.storage_project import Clouds, Storage, StorageProject, recorded_to
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

KEPT_DAYS = 30
OTHER_DAYS = 3


@pytest.mark.timeout(300)
def test_what_somebody_changed_is_shown_and_mended(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Opened buckets, deleted keys, shortened lives of files; a recording then lands as ever."""
    aws, gcs = clouds.aws(retention_days=KEPT_DAYS), clouds.gcs(retention_days=KEPT_DAYS)
    storage = {aws.name: aws, gcs.name: gcs}
    project.declare(storage, {})
    project.up()
    made = [_aws_settings(clouds, aws), _gcs_settings(clouds, gcs)]
    _meddle_with_aws(clouds, aws)
    _meddle_with_gcs(clouds, gcs)
    assert _aws_settings(clouds, aws) != made[0]
    assert _gcs_settings(clouds, gcs) != made[1]
    project.refresh()
    preview = project.preview()
    assert preview.count('=> "blocked"') == 2
    assert preview.count(f"{OTHER_DAYS} => {KEPT_DAYS}") == 2
    assert preview.count("~ intact") == 2
    project.up()
    assert [_aws_settings(clouds, aws), _gcs_settings(clouds, gcs)] == made

    project.declare(storage, {"standup": recorded_to(emulated_api.meeting_id, *storage)})
    assert "Storage" not in project.preview("--refresh")
    project.up()
    project.destroy()
    assert [len(one.files()) for one in storage.values()] == [1, 1]


def _aws_settings(clouds: Clouds, storage: Storage) -> list[Any]:
    s3 = clouds.moto.client("s3")
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=storage.bucket)
    closed = s3.get_public_access_block(Bucket=storage.bucket)
    return [lifecycle["Rules"], closed["PublicAccessBlockConfiguration"]]


def _gcs_settings(clouds: Clouds, storage: Storage) -> list[Any]:
    settings = clouds.gcs_server.bucket(storage.bucket)
    return deepcopy([settings["lifecycle"], settings["iamConfiguration"]])


def _meddle_with_aws(clouds: Clouds, storage: Storage) -> None:
    s3, iam = clouds.moto.client("s3"), clouds.moto.client("iam")
    open_to_all = {"BlockPublicAcls": False, "BlockPublicPolicy": False}
    s3.put_public_access_block(Bucket=storage.bucket, PublicAccessBlockConfiguration=open_to_all)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=storage.bucket)["Rules"]
    for rule in rules:
        if "Expiration" in rule:
            rule["Expiration"] = {"Days": OTHER_DAYS}
    s3.put_bucket_lifecycle_configuration(
        Bucket=storage.bucket, LifecycleConfiguration={"Rules": rules}
    )
    (user,) = clouds.aws_writers(storage)
    for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])


def _meddle_with_gcs(clouds: Clouds, storage: Storage) -> None:
    settings = clouds.gcs_server.bucket(storage.bucket)
    settings["iamConfiguration"]["publicAccessPrevention"] = "inherited"
    for rule in settings["lifecycle"]["rule"]:
        rule["condition"]["age"] = OTHER_DAYS
    (account,) = clouds.gcs_writers(storage)
    account.keys.clear()
