"""The administrator's rights that the documentation asks for are enough, and are used."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from realtimekit_provider.errors import StorageNotFoundError
from realtimekit_provider.storage.backends.aws.writer_backend import (
    build_user_name,
)
from realtimekit_provider.storage.backends.gcs.models import GcsLocation, GcsWriter
from tests.docs.pages import extract_code, read_table
from tests.storage.backends.aws.aws_setup import (
    HARMLESS,
    declared,
    keep_versions,
    parse_writer,
    with_on_delete,
)
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.gcs_server import PROJECT, gcs_server
from tools.test_servers.moto_server import MotoServer

ROWS = read_table("docs/storage.md", "for")


def documented(column: str) -> set[str]:
    """Return the rights in a column of the page's table."""
    return {
        right
        for row in ROWS
        for right in extract_code(row[column])
        if right.count(".") or ":" in right
    }


@pytest.fixture
def only_what_is_documented(moto: MotoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    # The stand-in asks for another right to look at a bucket than AWS does.
    rights = [*sorted(documented("of `aws`")), "s3:HeadBucket"]
    allowed = {"Effect": "Allow", "Action": rights, "Resource": "*"}
    key, secret = moto.create_user(f"platform-engineer-{uuid4().hex[:8]}", allowed)
    named = {**moto.environment, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
    for name, value in named.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("only_what_is_documented")
def test_the_rights_on_aws_are_enough_for_the_whole_life(admin: Any, iam: Any) -> None:
    """From an empty account to a bucket deleted by force, through all that can be mended."""
    with pytest.raises(ClientError, match="AccessDenied"):
        _own(admin).list_users()
    backend, location = locations("aws"), declared(retention_days=30, versioning=True)
    backend.create(declared(bucket=f"{location.bucket}-tls", tls_only=True))
    backend.create(location)
    assert backend.read(location) == location
    writers, writer = writers_of("aws"), parse_writer(location)
    credential = writers.create(writer, 1)
    assert writers.create(writer, 1) != credential
    _give_foreign_rights(iam, build_user_name(writer, 1))
    writers.restore(writer, 1)
    writers.delete(writer, 1)
    admin.delete_bucket_lifecycle(Bucket=location.bucket)
    backend.update(declared(bucket=location.bucket))
    keep_versions(admin, location.bucket)
    for body in (b"first", b"second"):
        admin.put_object(Bucket=location.bucket, Key="a.webm", Body=body)
    admin.create_multipart_upload(Bucket=location.bucket, Key="b.webm")
    assert backend.delete(location) == "kept"
    backend.create(location)
    assert backend.delete(with_on_delete(location, "force")) == "deleted"
    assert backend.delete(declared(bucket=f"{location.bucket}-tls")) == "deleted"


def _own(admin: Any) -> Any:
    """IAM as the platform engineer sees it: the key comes from the environment."""
    import boto3  # noqa: PLC0415

    return boto3.client("iam", region_name=admin.meta.region_name)


def _give_foreign_rights(iam: Any, user: str) -> None:
    policy = '{"Version": "2012-10-17", "Statement": []}'.replace("[]", f"[{_statement()}]")
    iam.put_user_policy(UserName=user, PolicyName="more", PolicyDocument=policy)
    arn = iam.create_policy(PolicyName=f"{user}-more", PolicyDocument=policy)["Policy"]["Arn"]
    iam.attach_user_policy(UserName=user, PolicyArn=arn)
    iam.create_group(GroupName=f"{user}-group")
    iam.add_user_to_group(UserName=user, GroupName=f"{user}-group")


def _statement() -> str:
    return str(HARMLESS).replace("'", '"')


def test_the_rights_on_google_cloud_are_those_that_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every one of them in the whole life of a bucket and its writer, and no other."""
    monkeypatch.setattr("realtimekit_provider.storage.backends.gcs.attempts._PAUSE_SECONDS", 0)
    used: set[str] = set()
    with gcs_server() as server:
        for name, value in server.environment(tmp_path).items():
            monkeypatch.setenv(name, value)
        allow = server.iam.allow

        def noted(email: str, permission: str, *where: str) -> None:
            used.add(permission)
            allow(email, permission, *where)

        monkeypatch.setattr(server.iam, "allow", noted)
        _live_on_google_cloud(server)
    assert used == documented("of `gcs`")


def _live_on_google_cloud(server: Any) -> None:
    location = GcsLocation(bucket="acme-recordings", region="eu", project=PROJECT)
    writer = GcsWriter(name="archive", mark="rk0", bucket=location.bucket, project=PROJECT)
    backend, writers = locations("gcs"), writers_of("gcs")
    backend.create(location)
    backend.create(location)
    server.bucket(location.bucket)["iamConfiguration"] = {}
    backend.update(location)
    credential = writers.create(writer, 1)
    assert writers.create(writer, 1) != credential
    (account,) = (one for one in server.iam.accounts.values() if one is not server.iam.admin)
    account.disabled = True
    assert not writers.is_in_sync(writer, 1, credential)
    writers.restore(writer, 1)
    assert not writers.is_in_sync(writer, 1, credential)
    writers.delete(writer, 1)
    with pytest.raises(StorageNotFoundError):
        writers.restore(writer, 1)
    server.put(location.bucket, "a.webm")
    assert (
        backend.delete(GcsLocation(**{**location.model_dump(), "on_delete": "force"})) == "deleted"
    )
