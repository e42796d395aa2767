"""Uploads to S3 and Spaces, on a stand-in that checks signatures and policies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from realtimekit_emulator import (
    DEFAULT_ACCOUNT,
    DEFAULT_APP,
    DEFAULT_TOKEN,
    Control,
    EmulatorServer,
)
from tests.emulator.upload_setup import (
    CLOSED,
    Remote,
    only_this_machine,
    record,
    refused,
    uploading,
)
from tools.test_servers.moto_server import MotoServer, running_moto
from tools.webm_reader import read_title

BUCKET = "recordings"


@pytest.fixture(scope="module")
def moto() -> Iterator[MotoServer]:
    with running_moto() as server:
        server.client("s3").create_bucket(Bucket=BUCKET)
        yield server


@pytest.fixture(scope="module")
def writer(moto: MotoServer) -> tuple[str, str]:
    """The key of a user who may put objects below ``in/``, and may do nothing else."""
    arn = f"arn:aws:s3:::{BUCKET}/in/*"
    return moto.create_user(
        "writer", {"Effect": "Allow", "Action": "s3:PutObject", "Resource": arn}
    )


@pytest.fixture(scope="module")
def emulator(moto: MotoServer) -> Iterator[EmulatorServer]:
    with uploading(aws_endpoint=moto.url, spaces_endpoint=moto.url) as server:
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


def content(moto: MotoServer, key: str) -> bytes:
    body: bytes = moto.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body


def test_a_writer_that_may_only_put_gets_its_file_below_the_path(
    moto: MotoServer, emulator: EmulatorServer, storage: dict[str, Any]
) -> None:
    ended = record(emulator, storage)
    assert read_title(content(moto, f"in/aws/{ended.file_name}")) == f"{ended.id}/default"


def test_each_layer_goes_to_each_output(
    moto: MotoServer, emulator: EmulatorServer, storage: dict[str, Any]
) -> None:
    spaces = {**storage, "type": "digitalocean", "region": "SGP1", "path": "/in/spaces/"}
    ended = record(emulator, storage, spaces, layers=("sound", "picture"))
    name = ended.file_name
    for path in ("in/aws", "in/spaces"):
        assert read_title(content(moto, f"{path}/{name}")) == f"{ended.id}/sound"
        picture = f"{path}/{name.replace('_sound_', '_picture_')}"
        assert read_title(content(moto, picture)) == f"{ended.id}/picture"


def test_without_a_path_the_file_is_at_the_root(moto: MotoServer, emulator: EmulatorServer) -> None:
    storage = {
        "type": "aws",
        "access_key": moto.admin_key,
        "secret": moto.admin_secret,
        "bucket": BUCKET,
        "region": "us-east-1",
    }
    assert content(moto, record(emulator, storage).file_name)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"secret": "CANARYsecret"}, "403 SignatureDoesNotMatch"),
        ({"access_key": "CANARYkey"}, "403 InvalidAccessKeyId"),
        ({"path": "elsewhere"}, "403 AccessDenied"),
        ({"bucket": "another"}, "403 AccessDenied"),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else "",
)
def test_what_the_server_refuses_is_told_by_its_code(
    emulator: EmulatorServer,
    storage: dict[str, Any],
    changed: dict[str, str],
    told: str,
    *,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked = {**storage, **changed}
    secrets = (asked["secret"], asked["access_key"])
    assert refused(emulator, asked, *secrets) == f"the server answered {told}"
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("kind", "option"), [("aws", "aws_endpoint"), ("digitalocean", "spaces_endpoint")]
)
def test_without_its_endpoint_nothing_is_sent(
    storage: dict[str, Any], kind: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with uploading() as emulator, only_this_machine(monkeypatch) as hosts:
        told = refused(emulator, {**storage, "type": kind})
    assert told == f"no {option} was given, and the emulator does not leave this machine"
    assert set(hosts) == {"127.0.0.1"}


def test_the_environment_sends_it_nowhere_else(
    emulator: EmulatorServer, storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", CLOSED)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")
    with only_this_machine(monkeypatch) as hosts:
        record(emulator, storage)
    assert set(hosts) == {"127.0.0.1"}


def test_a_server_that_is_gone_makes_the_recording_errored(storage: dict[str, Any]) -> None:
    with uploading(aws_endpoint=CLOSED) as emulator:
        assert refused(emulator, storage, storage["secret"]) == "EndpointConnectionError"


@contextmanager
def command(*options: str) -> Iterator[tuple[Remote, subprocess.Popen[str]]]:
    """Run the emulator as a command, with its recordings as fast as elsewhere."""
    quick = [f"--{name}-seconds=0" for name in ("invoked", "upload", "minimum")]
    with subprocess.Popen(
        [sys.executable, "-m", "realtimekit_emulator", "--port=0", *quick, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        base = process.stdout.readline().removeprefix("ready on ").strip()
        kit_url = f"{base}/accounts/{DEFAULT_ACCOUNT}/realtime/kit/{DEFAULT_APP}"
        headers = {"Authorization": f"Bearer {DEFAULT_TOKEN}"}
        yield Remote(Control(base.removesuffix("/client/v4")), kit_url, headers), process
        process.terminate()


def test_the_command_uploads_when_it_is_told_to_and_keeps_silent(
    moto: MotoServer, storage: dict[str, Any]
) -> None:
    with command("--verbose", "--real-uploads", "--aws-endpoint", moto.url) as (remote, process):
        ended = record(remote, storage)
        told = refused(remote, {**storage, "secret": "CANARYsecret"}, "CANARYsecret")
        process.terminate()
        output, _ = process.communicate(timeout=10)
    assert read_title(content(moto, f"in/aws/{ended.file_name}")) == f"{ended.id}/default"
    assert told == "the server answered 403 SignatureDoesNotMatch"
    assert all(line.startswith(("POST /client", "GET /client")) for line in output.splitlines())
    assert storage["access_key"] not in output
    assert "CANARY" not in output


def test_the_command_does_not_upload_unless_told_to(
    moto: MotoServer, storage: dict[str, Any]
) -> None:
    with command() as (remote, _):
        name = record(remote, storage).file_name
    listed = moto.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="in/aws/")
    assert name not in str(listed)
