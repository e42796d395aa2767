"""The proof that an S3 key writes, and the SDK that it needs."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from pydantic import SecretStr

from realtimekit_provider.api.models.storage_config import SftpStorageConfig
from realtimekit_provider.errors import (
    MissingSdkError,
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.aws.models import AwsLocation, AwsWriter
from realtimekit_provider.storage.backends.aws.write_probe import AwsWriteProbe
from tests.storage.backends.aws.aws_setup import (
    CANARY,
    MARK,
    assert_no_secret_in,
    config_of,
    declared,
    parse_writer,
)
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.moto_server import MotoServer

pytestmark = pytest.mark.usefixtures("aws_environment")


@pytest.fixture
def location() -> AwsLocation:
    """A bucket that is there."""
    location = declared(retention_days=30)
    locations("aws").create(location)
    return location


@pytest.fixture
def writer(location: AwsLocation) -> AwsWriter:
    return parse_writer(location)


@pytest.fixture
def credential(writer: AwsWriter) -> Mapping[str, str]:
    return writers_of("aws").create(writer, 1)


def test_a_proof_passes_and_leaves_nothing_behind(
    admin: Any, location: AwsLocation, credential: Mapping[str, str]
) -> None:
    AwsWriteProbe().check(config_of(location, credential), None)
    AwsWriteProbe().check(config_of(location, credential, path="/calls/tracks/"), None)
    assert "Uploads" not in admin.list_multipart_uploads(Bucket=location.bucket)
    assert "Versions" not in admin.list_object_versions(Bucket=location.bucket)


@pytest.mark.parametrize("path", [None, "", "/"])
def test_a_writer_of_the_whole_bucket_is_proven_at_its_root(
    location: AwsLocation, path: str
) -> None:
    writer = parse_writer(location, prefix="")
    AwsWriteProbe().check(config_of(location, writers_of("aws").create(writer, 1), path=path), None)


@pytest.mark.parametrize(
    ("wrong", "error", "text"),
    [
        ({"secret": CANARY}, StorageCredentialError, "SignatureDoesNotMatch.*the secret is not"),
        ({"access_key": CANARY}, StorageCredentialError, "InvalidAccessKeyId.*wrong, were deleted"),
        (
            {"path": "elsewhere"},
            StorageCredentialError,
            "lack s3:PutObject. Grant it on arn:aws:s3:::recordings-[0-9a-f]+/elsewhere/\\*",
        ),
        ({"path": None}, StorageCredentialError, "lack s3:PutObject"),
    ],
)
def test_a_key_that_cannot_write_there_is_refused_with_the_reason(
    location: AwsLocation,
    credential: Mapping[str, str],
    wrong: dict[str, Any],
    error: type[StorageError],
    text: str,
) -> None:
    config = config_of(location, credential, **wrong)
    with pytest.raises(error, match=rf"{location.bucket} \(aws, eu-west-1\).*{text}") as caught:
        AwsWriteProbe().check(config, None)
    assert_no_secret_in(caught, config)


def test_a_deleted_writers_key_is_refused(
    location: AwsLocation, writer: AwsWriter, credential: Mapping[str, str]
) -> None:
    writers_of("aws").delete(writer, 1)
    config = config_of(location, credential)
    with pytest.raises(StorageCredentialError, match=r"InvalidAccessKeyId") as caught:
        AwsWriteProbe().check(config, None)
    assert_no_secret_in(caught, config)


def test_a_bucket_that_is_not_there_is_missing(moto: MotoServer, location: AwsLocation) -> None:
    everything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    key, secret = moto.create_user(f"wide-{uuid4().hex[:8]}", everything)
    config = config_of(location, {"access_key": key, "secret": secret}, bucket=f"no-{MARK}")
    with pytest.raises(StorageNotFoundError, match=r"no-ab12cd34 .*no such bucket") as caught:
        AwsWriteProbe().check(config, None)
    assert_no_secret_in(caught, config)


def test_a_key_that_may_not_abort_is_reported(moto: MotoServer, location: AwsLocation) -> None:
    put = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    key, secret = moto.create_user(f"put-{uuid4().hex[:8]}", put)
    with pytest.raises(StorageCredentialError, match="lack s3:AbortMultipartUpload"):
        AwsWriteProbe().check(config_of(location, {"access_key": key, "secret": secret}), None)


def test_an_endpoint_that_is_not_there_is_unreachable(
    monkeypatch: pytest.MonkeyPatch, location: AwsLocation
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        config = config_of(location, {"access_key": "AKIA" + CANARY, "secret": CANARY})
        with pytest.raises(StorageUnreachableError, match="no connection to AWS") as caught:
            AwsWriteProbe().check(config, None)
    assert_no_secret_in(caught, config)


class _Answers(BaseHTTPRequestHandler):
    """Answers everything alike, and quotes what it was sent."""

    status: ClassVar[int]
    code: ClassVar[str]

    def do_POST(self) -> None:
        sent = self.headers["Authorization"]
        body = f"<Error><Code>{self.code}</Code><Message>{sent}</Message></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amz-bucket-region", "us-west-2")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(status: int, code: str) -> Iterator[str]:
    handler = type("Handler", (_Answers,), {"status": status, "code": code})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


ELSEWHERE = "is in us-west-2 .*Correct the region of the storage_config"


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        ((301, "PermanentRedirect"), StorageSettingsError, ELSEWHERE),
        ((400, "AuthorizationHeaderMalformed"), StorageSettingsError, ELSEWHERE),
        ((400, "ExpiredToken"), StorageCredentialError, "have expired"),
        ((403, "RequestTimeTooSkewed"), StorageSettingsError, "clock of this machine"),
        ((400, "SomethingNew"), StorageCredentialError, r"AWS says: .*Credential=\[sec"),
        ((500, "InternalError"), StorageUnreachableError, "InternalError"),
        ((503, "SlowDown"), StorageUnreachableError, "busy"),
    ],
)
def test_every_answer_has_its_meaning_and_no_credential(
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, str],
    error: type[StorageError],
    text: str,
) -> None:
    """The SDK would follow a bucket to its region; whoever writes the recordings may not."""
    config = config_of(declared(), {"access_key": "AKIA" + CANARY, "secret": CANARY})
    with answering(*answer) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises(error, match=text) as caught:
            AwsWriteProbe().check(config, None)
    assert_no_secret_in(caught, config)


def test_a_config_of_another_kind_is_a_mistake_of_the_program() -> None:
    config = SftpStorageConfig(
        type="sftp",
        host="h",
        port=22,
        username="u",
        path="p",
        auth_method="PASSWORD",
        password=SecretStr("x"),
    )
    with pytest.raises(TypeError, match="sftp"):
        AwsWriteProbe().check(config, None)


# The SDK


def test_the_sdk_is_not_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, realtimekit_provider.storage.backends.aws.location_backend\n"
        "print([name for name in sys.modules if name.startswith(('boto', 's3transfer'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n", done


def test_a_missing_sdk_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, location: AwsLocation
) -> None:
    for module in ("boto3", "botocore.config", "botocore.exceptions", "botocore.session"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingSdkError, match=r"pip install 'realtimekit-provider\[aws\]"):
        locations("aws").read(location)
