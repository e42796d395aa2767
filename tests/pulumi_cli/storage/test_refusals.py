"""A gate refuses a credential that cannot write, and nothing is started behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from tests.pulumi_cli.storage.support.clouds import PREFIX, Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.pulumi_cli.support.printed_output import extract_diagnostics
from tests.pulumi_cli.support.project import TYPE
from tests.scenarios.steps import TIMING, EmulatedApi

pytestmark = pytest.mark.engine

PROGRAM = """
import json
from pathlib import Path

from realtimekit_provider import TrackRecording
from realtimekit_provider.storage import StorageGate

for name, (meeting_id, storage, host_key) in json.loads(Path("gates.json").read_text()).items():
    gate = StorageGate(f"{name}-gate", storage_config=storage, host_key=host_key)
    output = {"type": "STORAGE_CONFIG", "storage_config": gate.storage_config}
    TrackRecording(name, meeting_id=meeting_id, layers={"default": {"outputs": [output]}})
"""
"""Recordings behind gates, in front of existing storage."""

REGION = "eu-west-1"
RECORDING = f"urn:pulumi:test::realtimekit::{TYPE}::standup"
MESSAGE_PARTS: Mapping[str, tuple[str, ...]] = {
    "aws-wrong": ("acme-aws", REGION, "the secret is not the one that belongs to the access key"),
    "aws-deleted": ("acme-aws", REGION, "it does not know", "were deleted"),
    "aws-lacking": ("acme-aws", REGION, "lack s3:PutObject", f"acme-aws/{PREFIX}"),
    "spaces-deleted": ("acme-aws", "SGP1", "it does not know"),
    "gcs-deleted": ("acme-gcs", "EU", PREFIX),
    "gcs-lacking": ("acme-gcs", "EU", PREFIX, "storage.objects.create"),
    "azure-wrong": (
        "acme-azure",
        PREFIX,
        "acmerecordings",
        "the credentials of the storage_config are wrong",
    ),
    "sftp-wrong": ("recorder@127.0.0.1", "refused the login with this password"),
}
"""By the case, parts of its message: the location, and what is wrong with the credential."""


def test_a_credential_that_cannot_write_is_refused_with_its_reason(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Wrong and deleted credentials, and those without rights: the message says which.

    Each is given, and so it is tried once: no server sees a second login.
    """
    gates = {
        **_create_s3_cases(clouds),
        **_create_gcs_cases(clouds),
        **_create_azure_cases(clouds),
        **_create_sftp_cases(clouds),
    }
    _declare(project, emulated_api, gates)
    clouds.sftp_server.logins.clear()
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    errors = extract_diagnostics(outcome.output).split("\n\n")
    for name in gates:
        assert any(all(part in line for part in MESSAGE_PARTS[name]) for line in errors), (
            name,
            errors,
        )
    assert "CANARY" not in outcome.output
    assert emulated_api.control.counts().of("start_track") == 0
    assert project.read_recordings() == {}
    assert clouds.gcs_server.unfinished_uploads() == set()
    assert clouds.sftp_server.logins == ["refused"]


def test_a_target_without_its_storage_names_what_to_target_too(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Whether the credential is created or given, and once for each storage."""
    storage = [clouds.declare_aws(), clouds.declare_sftp()]
    names = [one.name for one in storage]
    recording = build_recording(emulated_api.meeting_id, *names)
    project.declare(dict(zip(names, storage, strict=True)), {"standup": recording})
    outcome = project.try_up("--target", RECORDING)
    assert outcome.code != 0
    patterns = [f"**::{name}**" for name in names]
    for name, pattern in zip(names, patterns, strict=True):
        message = f"is the storage '{name}', which is not deployed: target it too, with --target"
        assert f"{message} '{pattern}'" in outcome.output
    assert "is required" not in outcome.output
    needed = ["**::identity", *patterns]
    targets = [part for pattern in needed for part in ("--target", pattern)]
    project.up("--target", RECORDING, *targets)
    assert project.read_recordings().keys() == {"standup"}


def test_storage_that_could_not_be_created_asks_for_no_target(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Although the engine continues: the recording waits for the next deployment."""
    wrong = clouds.declare_spaces().with_changes(secret="a-wrong-secret")
    recording = build_recording(emulated_api.meeting_id, wrong.name)
    project.declare({wrong.name: wrong}, {"standup": recording})
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    assert f"bucket {wrong.bucket} (digitalocean, SGP1)" in outcome.output
    assert "has a problem" not in outcome.output
    assert project.read_recordings() == {}


def test_a_location_that_failed_is_the_only_mistake(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Writer, gate and recording behind it are left out; what does not need it goes on."""
    bucket, folder = clouds.declare_aws(), clouds.declare_sftp()
    _create_foreign_bucket(clouds, bucket.bucket)
    _create_foreign_folder(clouds, folder.bucket)
    other_meeting = emulated_api.control.create_meeting(participants=1).id
    project.declare(
        {"team": bucket, "folder": folder},
        {
            "standup": build_recording(emulated_api.meeting_id, "team", "folder"),
            "townhall": {"meeting_id": other_meeting, "layers": {"default": {}}},
        },
    )
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    assert outcome.output.count("Declare it with 'existing: true'") >= len((bucket, folder))
    assert "has a problem" not in outcome.output
    assert project.read_recordings().keys() == {"townhall"}


def test_a_part_of_storage_without_the_others_names_what_to_target_too(
    project: StorageProject, clouds: Clouds
) -> None:
    """At once for all of its parts; no input is called missing. SFTP has no writer."""
    bucket, folder = clouds.declare_aws(), clouds.declare_sftp()
    project.declare({"team": bucket, "folder": folder}, {})
    outcome = project.try_up("--target", "**::team-gate", "--target", "**::identity")
    assert outcome.code != 0
    assert "is required" not in outcome.output
    message = "access_key: comes from 'team-writer', which is not deployed: target it too, with"
    assert f"{message} --target '**::team**'" in outcome.output
    project.up("--target", "**::team**", "--target", "**::identity")
    outcome = project.try_up("--target", "**::folder-gate", "--target", "**::identity")
    assert "not specified in --target list" in outcome.output


def test_a_bucket_for_tls_alone_is_refused_by_the_preview(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Where the endpoint of S3 has no TLS: nothing is created, and nothing waits."""
    storage = clouds.declare_aws(tls_only=True)
    recording = build_recording(emulated_api.meeting_id, storage.name)
    project.declare({storage.name: storage}, {"standup": recording})
    outcome = project.try_run("preview")
    assert outcome.code != 0
    assert "tls_only: must be false for an endpoint without TLS" in outcome.output
    assert clouds.moto.url in outcome.output
    assert clouds.list_aws_writers(storage) == []


def test_storage_that_failed_takes_no_recording_from_the_old_one(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Neither one that moves to it, nor one that also gets another name; the state stays whole."""
    control = emulated_api.control
    meetings = [control.create_meeting(participants=1).id for _ in range(2)]
    archive, calls, store = (clouds.declare_aws() for _ in range(3))
    project.declare(
        {archive.name: archive, calls.name: calls},
        {
            "moved": build_recording(meetings[0], archive.name),
            "daily": build_recording(meetings[1], calls.name),
        },
    )
    project.up()
    _create_foreign_bucket(clouds, store.bucket)
    project.declare(
        {store.name: store},
        {
            "moved": build_recording(meetings[0], store.name),
            "weekly": build_recording(meetings[1], store.name),
        },
    )
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    assert "'daily' was not stopped: 'weekly', which is to record the same meeting" in (
        outcome.output
    )
    assert f"'moved' still uses aws {archive.bucket}, since what was declared instead" in (
        outcome.output
    )
    assert {one.status for one in control.recordings()} <= {"INVOKED", "RECORDING"}
    assert [len(clouds.list_aws_writers(one)) for one in (archive, calls)] == [1, 1]
    assert project.read_recordings().keys() == {"moved", "daily"}

    other, folder = clouds.declare_aws(), clouds.declare_sftp()
    storage = {other.name: other, folder.name: folder}
    recordings = {"moved": build_recording(meetings[0], *storage)}
    project.declare(storage, recordings)
    project.up()
    assert project.read_recordings().keys() == {"moved"}
    (moved_to,) = (one for one in control.recordings() if one.status in {"INVOKED", "RECORDING"})
    assert moved_to.meeting_id == meetings[0]

    taken = clouds.declare_sftp()
    _create_foreign_folder(clouds, taken.bucket)
    wrong = {other.name: {"bucket": store.bucket}, folder.name: {"path": taken.bucket}}
    project.declare({name: storage[name].with_changes(**wrong[name]) for name in wrong}, recordings)
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    assert "has a problem" not in outcome.output
    assert "checks the changed credential" not in outcome.output
    for kept, declared in ((other, store), (folder, taken)):
        assert re.search(
            rf"{kept.bucket} is not replaced, and recordings that write there keep running\.\s+"
            rf"The \w+ {declared.bucket}\b.*: it exists already",
            outcome.output,
        )
    assert control.recording(moved_to.id).status in {"INVOKED", "RECORDING"}
    assert project.read_recordings()["moved"]["id"] == moved_to.id
    assert len(clouds.list_aws_writers(other)) == 1


def _create_foreign_bucket(clouds: Clouds, bucket: str) -> None:
    s3 = clouds.moto.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="foreign", Body=b"foreign")


def _create_foreign_folder(clouds: Clouds, path: str) -> None:
    folder = clouds.sftp_server.root / path
    folder.mkdir(parents=True)
    (folder / "foreign").write_bytes(b"foreign")


def _declare(project: StorageProject, emulated_api: EmulatedApi, gates: Mapping[str, Any]) -> None:
    project.write_config({"realtimekit:timing": {**TIMING, "key_propagation": 60}})
    project.write_program(PROGRAM)
    gated = {
        name: (emulated_api.control.create_meeting(participants=1).id, *gate)
        for name, gate in gates.items()
    }
    (project.folder / "gates.json").write_text(json.dumps(gated), encoding="utf-8")


def _create_s3_cases(clouds: Clouds) -> dict[str, Any]:
    bucket = "acme-aws"
    clouds.moto.client("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    put = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    other = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    location = {"type": "aws", "bucket": bucket, "region": REGION, "path": PREFIX}
    deleted = {**location, **_create_key(clouds, put, deleted=True)}
    return {
        "aws-wrong": ({**location, **_create_key(clouds, put), "secret": "CANARY" * 7}, None),
        "aws-deleted": (deleted, None),
        "aws-lacking": ({**location, **_create_key(clouds, other)}, None),
        "spaces-deleted": ({**deleted, "type": "digitalocean", "region": "SGP1"}, None),
    }


def _create_key(
    clouds: Clouds, allowed: Mapping[str, Any], *, deleted: bool = False
) -> dict[str, str]:
    user = f"writer-{uuid4().hex[:8]}"
    key, secret = clouds.moto.create_user(user, allowed)
    if deleted:
        clouds.moto.client("iam").delete_access_key(UserName=user, AccessKeyId=key)
    return {"access_key": key, "secret": secret}


def _create_gcs_cases(clouds: Clouds) -> dict[str, Any]:
    server = clouds.gcs_server
    server.storage.create_bucket("acme-gcs", {"name": "acme-gcs", "location": "EU"})
    location = {"type": "gcs", "bucket": "acme-gcs", "region": "EU", "path": PREFIX}
    account = server.iam.account(server.iam.create({"accountId": "powerless"})["email"])
    key = server.iam.new_key(account, server.token_uri)
    deleted = server.iam.new_key(account, server.token_uri)
    del account.keys[json.loads(deleted)["private_key_id"]]
    return {
        "gcs-lacking": ({**location, "secret": key}, None),
        "gcs-deleted": ({**location, "secret": deleted}, None),
    }


def _create_azure_cases(clouds: Clouds) -> dict[str, Any]:
    if clouds.azurite is None:
        return {}
    with clouds.azurite.client() as client:
        client.create_container("acme-azure")
    other = clouds.azurite.keys[clouds.azurite.other_account]
    wrong = clouds.azurite.connection_string(key=other)
    location = {"type": "azure", "bucket": "acme-azure", "path": PREFIX}
    return {"azure-wrong": ({**location, "access_key": wrong}, None)}


def _create_sftp_cases(clouds: Clouds) -> dict[str, Any]:
    server = clouds.sftp_server
    config = server.as_config(PREFIX, password="CANARY-wrong")
    return {"sftp-wrong": (config, server.host_key)}
