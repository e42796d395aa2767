"""Real uploads to any storage: only to loopback, and no SDK is loaded before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from realtimekit_emulator import real_uploaders
from realtimekit_emulator.cli import main
from realtimekit_emulator.loopback import NotLoopbackError, is_loopback_url
from realtimekit_emulator.model.recording import Output
from realtimekit_emulator.uploads import Upload, UploadError
from realtimekit_emulator.uploads.sdk import create_rejection_error
from tests.emulator.uploads.upload_setup import CLOSED, create_uploading_emulator, record

CANARY = "CANARY"
S3 = {"access_key": CANARY, "secret": CANARY, "bucket": "b", "region": "r"}
STORAGES: dict[str, dict[str, Any]] = {
    "aws": S3,
    "digitalocean": S3,
    "gcs": {"secret": json.dumps({"token_uri": CLOSED}), "bucket": "b", "region": "r"},
    "azure": {"access_key": f"BlobEndpoint={CLOSED}/a;SharedAccessSignature=s", "bucket": "b"},
    "sftp": {
        "host": "127.0.0.1",
        "port": 9,
        "username": "u",
        "path": "p",
        "auth_method": "PASSWORD",
        "password": CANARY,
    },
}
NOT_LOOPBACK = [
    "https://s3.amazonaws.com",
    "http://192.0.2.1:5000",
    "http://0.0.0.0:5000",
    "http://127.0.0.1.example.invalid",
    "http://127.0.0.1@192.0.2.1",
    "http://192.0.2.1\\@127.0.0.1",
    "http://127.0.0.1 .example.invalid",
    "http://[127.0.0.1",
    "ftp://127.0.0.1",
    "127.0.0.1:5000",
    "",
]


@pytest.mark.parametrize("url", NOT_LOOPBACK)
@pytest.mark.parametrize("name", ["aws_endpoint", "spaces_endpoint", "gcs_endpoint"])
def test_an_endpoint_that_is_not_on_loopback_is_refused(name: str, url: str) -> None:
    with pytest.raises(NotLoopbackError, match=f"{name} must be a URL on this machine"):
        real_uploaders(**{name: url})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "https://localhost", "http://[::1]:80/", "HTTP://127.9.9.9/a"]
)
def test_a_url_on_this_machine_is_accepted(url: str) -> None:
    assert is_loopback_url(url)


@pytest.mark.parametrize(
    ("storage_type", "module", "extra"),
    [
        ("aws", "boto3", "aws"),
        ("digitalocean", "boto3", "aws"),
        ("gcs", "google", "gcs"),
        ("azure", "azure", "azure"),
        ("sftp", "asyncssh", "sftp"),
    ],
)
def test_a_missing_sdk_is_named_with_its_extra(
    storage_type: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, module, None)
    endpoints = {f"{one}_endpoint": CLOSED for one in ("aws", "spaces", "gcs")}
    with create_uploading_emulator(**endpoints) as emulator:
        recording = record(
            emulator, {"type": storage_type, **STORAGES[storage_type]}, status="ERRORED"
        )
    reason = f": {module} is missing: pip install 'realtimekit-provider[{extra}] @ SOURCE'"
    assert recording.failure.endswith(reason)


def test_no_sdk_is_loaded_before_it_is_used() -> None:
    program = """
        import sys
        from realtimekit_emulator import EmulatorServer, real_uploaders
        with EmulatorServer(uploaders=real_uploaders(aws_endpoint="http://127.0.0.1:9")):
            loaded = {name.partition(".")[0] for name in sys.modules}
        print(*sorted(loaded & {"asyncssh", "azure", "boto3", "botocore", "google", "requests"}))
    """
    command = [
        sys.executable,
        "-I",
        "-c",
        "import sys; sys.path.insert(0, '.');" + build_exec(program),
    ]
    completed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert completed.stdout.strip() == ""


def build_exec(program: str) -> str:
    return f"exec({textwrap.dedent(program)!r})"


def test_an_endpoint_needs_the_option_for_real_uploads(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", "--gcs-endpoint", CLOSED]) == 2
    assert "--gcs-endpoint has no effect without --real-uploads" in capsys.readouterr().err


def test_the_command_refuses_an_endpoint_that_is_not_on_loopback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ["--real-uploads", "--spaces-endpoint", "https://sgp1.digitaloceanspaces.com"]
    assert main(["--port", "0", *options]) == 2
    assert "spaces_endpoint must be a URL on this machine" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "suffix"),
    [("AccessDenied", " AccessDenied"), ("key CANARY1 is wrong", ""), ("A" * 61, ""), (None, "")],
)
def test_only_a_code_of_letters_is_reported(code: object, suffix: str) -> None:
    assert str(create_rejection_error(403, code)) == f"the server answered 403{suffix}"


@pytest.mark.parametrize("storage_type", STORAGES)
def test_no_text_shows_a_credential(storage_type: str) -> None:
    storage = {"type": storage_type, **STORAGES[storage_type]}
    upload = Upload("id", "default", "f.webm", "STORAGE_CONFIG", b"data", storage)
    uploaders = real_uploaders(aws_endpoint=CLOSED, spaces_endpoint=CLOSED, gcs_endpoint=CLOSED)
    texts = [repr(upload), repr(Output("STORAGE_CONFIG", {"storage_config": storage}))]
    try:
        uploaders[storage_type].upload(upload)
    except UploadError as error:
        texts.append(repr(error))
    except Exception as error:  # noqa: BLE001 - only its type is reported
        texts.append(type(error).__name__)
    texts.append(repr(vars(uploaders[storage_type])))
    assert CANARY not in str(texts)
