"""Who owns storage when its declaration is renamed, or when existing storage is claimed."""

from __future__ import annotations

import pytest

from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.storage.backends.aws.aws_setup import settings_of

pytestmark = pytest.mark.engine

KEPT = "calls/kept.webm"


@pytest.mark.parametrize("on_delete", ["keep", "force"])
def test_renaming_storage_keeps_its_bucket_and_files(
    project: StorageProject, clouds: Clouds, on_delete: str
) -> None:
    """The delete of the old name, at the end of the run, sees that the new name uses it."""
    aws, sftp = clouds.declare_aws(on_delete=on_delete), clouds.declare_sftp(on_delete=on_delete)
    project.declare({"team": aws, "folder": sftp}, {})
    project.up()
    if on_delete == "force":
        clouds.moto.client("s3").put_object(Bucket=aws.bucket, Key=KEPT, Body=b"kept")
    project.declare({"archive": aws, "drawer": sftp}, {})
    output = project.up()
    assert f"{aws.bucket} is left as it is: 'archive-location' uses it now" in output
    assert f"{sftp.bucket} is left as it is: 'drawer-location' uses it now" in output
    assert list(aws.files()) == ([KEPT] if on_delete == "force" else [])
    assert (clouds.sftp_server.root / sftp.bucket).is_dir()
    project.destroy()
    buckets = clouds.moto.client("s3").list_buckets()["Buckets"]
    assert aws.bucket not in {one["Name"] for one in buckets}


def test_a_folder_with_files_is_renamed_by_an_alias_alone(
    project: StorageProject, clouds: Clouds
) -> None:
    """It can carry no mark, so a new name is a stranger to it."""
    sftp = clouds.declare_sftp(on_delete="force")
    project.declare({"folder": sftp}, {})
    project.up()
    kept = clouds.sftp_server.root / sftp.bucket / "kept"
    kept.write_bytes(b"kept")
    project.declare({"drawer": sftp.with_changes(aliases=["folder"])}, {})
    project.up()
    assert kept.read_bytes() == b"kept"
    project.declare({"shelf": sftp}, {})
    refused = project.try_up()
    assert refused.code != 0
    assert "it exists already and holds files, such as 'kept'" in refused.output
    for declared in ({"drawer": sftp}, {"shelf": sftp.with_changes(aliases=["drawer"])}):
        project.declare(declared, {})
        project.up()
    assert kept.read_bytes() == b"kept"


def test_two_owners_of_one_bucket_are_refused(project: StorageProject, clouds: Clouds) -> None:
    """The preview names both; with ``existing`` the second one is no owner."""
    aws = clouds.declare_aws()
    project.declare({"team": aws, "archive": aws.with_changes(prefix="elsewhere")}, {})
    refused = project.try_run("preview")
    assert refused.code != 0
    text = "realtimekit:storage.team.bucket: would be created, and later deleted, by both 'archive'"
    assert f"{text} and 'team'" in refused.output
    project.declare({"team": aws, "archive": aws.with_changes(existing=True)}, {})
    project.run("preview")


def test_an_existing_bucket_is_claimed_only_while_it_is_new_and_empty(
    project: StorageProject, clouds: Clouds
) -> None:
    """One with objects is refused, and its settings stay; one that no run has used is managed."""
    foreign, empty = clouds.declare_aws(existing=True), clouds.declare_aws(existing=True)
    s3 = clouds.moto.client("s3")
    for one in (foreign, empty):
        where = {"LocationConstraint": one.declared["region"]}
        s3.create_bucket(Bucket=one.bucket, CreateBucketConfiguration=where)
    s3.put_object(Bucket=foreign.bucket, Key=KEPT, Body=b"foreign")
    project.declare({"team": foreign, "empty": empty}, {})
    project.up()
    before = settings_of(s3, foreign.bucket)
    managed = {"existing": False, "on_delete": "force"}
    project.declare({"team": foreign.with_changes(**managed), "empty": empty}, {})
    refused = project.try_up()
    assert refused.code != 0
    text = f"{foreign.bucket} (aws, eu-west-1): it exists already, and nothing says that this stack"
    assert text in refused.output
    assert f"put-bucket-tagging --region eu-west-1 --bucket {foreign.bucket}" in refused.output
    assert settings_of(s3, foreign.bucket) == before
    project.declare({"team": foreign, "empty": empty.with_changes(**managed)}, {})
    project.up()
    project.destroy()
    assert list(foreign.files()) == [KEPT]
    assert empty.bucket not in {one["Name"] for one in s3.list_buckets()["Buckets"]}


def test_a_bucket_that_a_killed_destroy_released_is_claimed_again(
    project: StorageProject, clouds: Clouds
) -> None:
    """The state still has it, so a refresh shows it, and the deployment takes it back."""
    aws = clouds.declare_aws()
    project.declare({"team": aws}, {})
    project.up()
    s3 = clouds.moto.client("s3")
    [tag] = s3.get_bucket_tagging(Bucket=aws.bucket)["TagSet"]
    released = {**tag, "Value": f"released-{tag['Value']}"}
    s3.put_bucket_tagging(Bucket=aws.bucket, Tagging={"TagSet": [released]})
    assert "- released: true" in project.preview("--refresh", "--diff")
    project.up("--refresh")
    assert s3.get_bucket_tagging(Bucket=aws.bucket)["TagSet"] == [tag]
    assert "released" not in project.preview("--refresh", "--diff")
