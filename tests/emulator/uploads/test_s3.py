"""Uploads to S3 and Spaces, on a test server that checks signatures and policies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from realtimekit_emulator import (
    DEFAULT_ACCOUNT,
    DEFAULT_APP,
    DEFAULT_TOKEN,
    Control,
    EmulatorServer,
)
from tests.emulator.uploads.upload_setup import (
    CLOSED,
    RemoteEmulator,
    create_uploading_emulator,
    list_contacted_hosts,
    record,
    record_failure,
)
from tests.shared_servers import get_moto
from tools.test_servers.moto_server import MotoServer
from tools.webm_reader import read_title

BUCKET = "recordings"


@pytest.fixture(scope="module")
def moto() -> MotoServer:
    server = get_moto()
    server.client("s3").create_bucket(Bucket=BUCKET)
    return server


@pytest.fixture(scope="module")
def writer(moto: MotoServer) -> tuple[str, str]:
    """The key of a user who may put objects below ``in/``, and nothing else."""
    arn = f"arn:aws:s3:::{BUCKET}/in/*"
    return moto.create_user(
        f"writer-{uuid4().hex}", {"Effect": "Allow", "Action": "s3:PutObject", "Resource": arn}
    )


@pytest.fixture(scope="module")
def emulator(moto: MotoServer) -> Iterator[EmulatorServer]:
    with create_uploading_emulator(aws_endpoint=moto.url, spaces_endpoint=moto.url) as server:
        yield server


@pytest.fixture
def storage(writer: tuple[str, str]) -> dict[str, Any]:
    key, secret = writer
    return {
        "type": "aws",
        "access_key": key,
        "secret": secret,
        "bucket": BUCKET,
        "region": "us-east-1",
        "path": "in/aws",
    }


def read_object(moto: MotoServer, key: str) -> bytes:
    body: bytes = moto.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body


def test_a_writer_with_only_the_right_to_put_can_upload(
    moto: MotoServer, emulator: EmulatorServer, storage: dict[str, Any]
) -> None:
    recording = record(emulator, storage)
    assert (
        read_title(read_object(moto, f"in/aws/{recording.file_name}")) == f"{recording.id}/default"
    )


def test_all_layers_are_uploaded_to_all_outputs(
    moto: MotoServer, emulator: EmulatorServer, storage: dict[str, Any]
) -> None:
    spaces = {**storage, "type": "digitalocean", "region": "SGP1", "path": "/in/spaces/"}
    recording = record(emulator, storage, spaces, layers=("sound", "picture"))
    name = recording.file_name
    for path in ("in/aws", "in/spaces"):
        assert read_title(read_object(moto, f"{path}/{name}")) == f"{recording.id}/sound"
        picture = f"{path}/{name.replace('_sound_', '_picture_')}"
        assert read_title(read_object(moto, picture)) == f"{recording.id}/picture"


def test_without_a_path_the_file_is_at_the_root(moto: MotoServer, emulator: EmulatorServer) -> None:
    storage = {
        "type": "aws",
        "access_key": moto.admin_key,
        "secret": moto.admin_secret,
        "bucket": BUCKET,
        "region": "us-east-1",
    }
    assert read_object(moto, record(emulator, storage).file_name)


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"secret": "CANARYsecret"}, "403 SignatureDoesNotMatch"),
        ({"access_key": "CANARYkey"}, "403 InvalidAccessKeyId"),
        ({"path": "elsewhere"}, "403 AccessDenied"),
        ({"bucket": "another"}, "403 AccessDenied"),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else "",
)
def test_a_refusal_is_reported_with_the_servers_code(
    emulator: EmulatorServer,
    storage: dict[str, Any],
    changes: dict[str, str],
    failure: str,
    *,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    changed = {**storage, **changes}
    secrets = (changed["secret"], changed["access_key"])
    assert record_failure(emulator, changed, *secrets) == f"the server answered {failure}"
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("storage_type", "option"), [("aws", "aws_endpoint"), ("digitalocean", "spaces_endpoint")]
)
def test_without_its_endpoint_nothing_is_sent(
    storage: dict[str, Any], storage_type: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with create_uploading_emulator() as emulator, list_contacted_hosts(monkeypatch) as hosts:
        failure = record_failure(emulator, {**storage, "type": storage_type})
    assert failure == f"{option} is not set, and the emulator uploads to this machine only"
    assert set(hosts) == {"127.0.0.1"}


def test_the_environment_does_not_change_the_endpoint(
    emulator: EmulatorServer, storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", CLOSED)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")
    with list_contacted_hosts(monkeypatch) as hosts:
        record(emulator, storage)
    assert set(hosts) == {"127.0.0.1"}


def test_an_unreachable_server_makes_the_recording_errored(storage: dict[str, Any]) -> None:
    with create_uploading_emulator(aws_endpoint=CLOSED) as emulator:
        assert record_failure(emulator, storage, storage["secret"]) == "EndpointConnectionError"


@contextmanager
def run_command(*options: str) -> Iterator[tuple[RemoteEmulator, subprocess.Popen[str]]]:
    """Run the emulator as a command, with recordings as fast as in the other tests."""
    fast = [f"--{name}-seconds=0" for name in ("invoked", "upload", "minimum")]
    with subprocess.Popen(
        [sys.executable, "-m", "realtimekit_emulator", "--port=0", *fast, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        base = process.stdout.readline().removeprefix("ready on ").strip()
        kit_url = f"{base}/accounts/{DEFAULT_ACCOUNT}/realtime/kit/{DEFAULT_APP}"
        headers = {"Authorization": f"Bearer {DEFAULT_TOKEN}"}
        yield RemoteEmulator(Control(base.removesuffix("/client/v4")), kit_url, headers), process
        process.terminate()


def test_the_command_uploads_with_the_option_and_prints_no_secret(
    moto: MotoServer, storage: dict[str, Any]
) -> None:
    with run_command("--verbose", "--real-uploads", "--aws-endpoint", moto.url) as (
        remote,
        process,
    ):
        recording = record(remote, storage)
        failure = record_failure(remote, {**storage, "secret": "CANARYsecret"}, "CANARYsecret")
        process.terminate()
        output, _ = process.communicate(timeout=60)
    assert (
        read_title(read_object(moto, f"in/aws/{recording.file_name}")) == f"{recording.id}/default"
    )
    assert failure == "the server answered 403 SignatureDoesNotMatch"
    assert all(line.startswith(("POST /client", "GET /client")) for line in output.splitlines())
    assert storage["access_key"] not in output
    assert "CANARY" not in output


def test_the_command_does_not_upload_without_the_option(
    moto: MotoServer, storage: dict[str, Any]
) -> None:
    with run_command() as (remote, _):
        name = record(remote, storage).file_name
    objects = moto.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="in/aws/")
    assert name not in str(objects)
