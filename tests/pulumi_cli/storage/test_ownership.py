"""Who owns a place, when its declaration moves within the stack or somebody else's is claimed."""

from __future__ import annotations

import pytest

from tests.pulumi_cli.storage.storage_project import Clouds, StorageProject
from tests.storage.backends.aws_setup import settings_of

pytestmark = pytest.mark.engine

KEPT = "calls/kept.webm"


@pytest.mark.parametrize("on_delete", ["keep", "force"])
def test_renaming_storage_keeps_its_bucket_and_files(
    project: StorageProject, clouds: Clouds, on_delete: str
) -> None:
    """The old name's delete, at the end of the run, finds that the new name has the place."""
    aws, sftp = clouds.aws(on_delete=on_delete), clouds.sftp(on_delete=on_delete)
    project.declare({"team": aws, "folder": sftp}, {})
    project.up()
    if on_delete == "force":
        clouds.moto.client("s3").put_object(Bucket=aws.bucket, Key=KEPT, Body=b"kept")
        (clouds.sftp_server.root / sftp.bucket / "kept").write_bytes(b"kept")
    project.declare({"archive": aws, "drawer": sftp}, {})
    said = project.up()
    assert f"{aws.bucket} is left as it is: 'archive-location' uses it now" in said
    assert f"{sftp.bucket} is left as it is: 'drawer-location' uses it now" in said
    assert list(aws.files()) == ([KEPT] if on_delete == "force" else [])
    assert (clouds.sftp_server.root / sftp.bucket).is_dir()
    project.destroy()
    buckets = clouds.moto.client("s3").list_buckets()["Buckets"]
    assert aws.bucket not in {one["Name"] for one in buckets}


def test_two_that_would_own_one_bucket_are_refused(project: StorageProject, clouds: Clouds) -> None:
    """The preview says it, naming both; a guest of the other's bucket is none of them."""
    aws = clouds.aws()
    project.declare({"team": aws, "archive": aws.but(prefix="elsewhere")}, {})
    refused = project.pulumi("preview")
    assert refused.code != 0
    assert "would be made, and one day deleted, by both" in refused.output
    assert "'team-location'" in refused.output
    assert "'archive-location'" in refused.output
    project.declare({"team": aws, "archive": aws.but(existing=True)}, {})
    project.must("preview")


def test_a_bucket_that_ceases_to_be_theirs_is_claimed_or_refused(
    project: StorageProject, clouds: Clouds
) -> None:
    """One with their objects is left as it is, settings and all; an empty one becomes ours."""
    theirs, empty = clouds.aws(existing=True), clouds.aws(existing=True)
    s3 = clouds.moto.client("s3")
    for one in (theirs, empty):
        where = {"LocationConstraint": one.declared["region"]}
        s3.create_bucket(Bucket=one.bucket, CreateBucketConfiguration=where)
    s3.put_object(Bucket=theirs.bucket, Key=KEPT, Body=b"theirs")
    project.declare({"team": theirs, "empty": empty}, {})
    project.up()
    before = settings_of(s3, theirs.bucket)
    ours = {"existing": False, "on_delete": "force"}
    project.declare({"team": theirs.but(**ours), "empty": empty}, {})
    refused = project.try_up()
    assert refused.code != 0
    assert f"{theirs.bucket} (aws, eu-west-1) exists already and holds objects" in refused.output
    assert settings_of(s3, theirs.bucket) == before
    project.declare({"team": theirs, "empty": empty.but(**ours)}, {})
    project.up()
    project.destroy()
    assert list(theirs.files()) == [KEPT]
    assert empty.bucket not in {one["Name"] for one in s3.list_buckets()["Buckets"]}
