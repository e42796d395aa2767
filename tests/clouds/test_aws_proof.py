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

from realtimekit_provider.clouds.aws import AwsPlaces, AwsProver, AwsWriters
from realtimekit_provider.errors import (
    MissingSdkError,
    StorageError,
    StorageMissingError,
    StorageRefusedError,
    StorageUnreachableError,
)
from realtimekit_provider.wire.places import AwsPlace
from realtimekit_provider.wire.storage import SftpStorageConfig
from realtimekit_provider.wire.writers import AwsWriter
from tests.clouds.aws_world import CANARY, MARK, assert_no_secret_in, config_of, declared, writer_of
from tools.stand_ins.moto_server import MotoServer

pytestmark = pytest.mark.usefixtures("aws_environment")


@pytest.fixture
def place() -> AwsPlace:
    """A bucket that is there."""
    place = declared(retention_days=30)
    AwsPlaces().create(place)
    return place


@pytest.fixture
def writer(place: AwsPlace) -> AwsWriter:
    return writer_of(place)


@pytest.fixture
def credential(writer: AwsWriter) -> Mapping[str, str]:
    return AwsWriters().create(writer, 1)


def test_a_proof_passes_and_leaves_nothing_behind(
    admin: Any, place: AwsPlace, credential: Mapping[str, str]
) -> None:
    AwsProver().prove(config_of(place, credential), None)
    AwsProver().prove(config_of(place, credential, path="/calls/tracks/"), None)
    assert "Uploads" not in admin.list_multipart_uploads(Bucket=place.bucket)
    assert "Versions" not in admin.list_object_versions(Bucket=place.bucket)


@pytest.mark.parametrize("path", [None, "", "/"])
def test_a_writer_of_the_whole_bucket_is_proven_at_its_root(place: AwsPlace, path: str) -> None:
    writer = writer_of(place, prefix="")
    AwsProver().prove(config_of(place, AwsWriters().create(writer, 1), path=path), None)


@pytest.mark.parametrize(
    ("wrong", "error", "text"),
    [
        ({"secret": CANARY}, StorageRefusedError, "SignatureDoesNotMatch.*the secret is not"),
        ({"access_key": CANARY}, StorageRefusedError, "InvalidAccessKeyId.*wrong, deleted"),
        (
            {"path": "elsewhere"},
            StorageRefusedError,
            "lack s3:PutObject. Grant it on arn:aws:s3:::recordings-[0-9a-f]+/elsewhere/\\*",
        ),
        ({"path": None}, StorageRefusedError, "lack s3:PutObject"),
    ],
)
def test_a_key_that_cannot_write_there_is_refused_with_the_reason(
    place: AwsPlace,
    credential: Mapping[str, str],
    wrong: dict[str, Any],
    error: type[StorageError],
    text: str,
) -> None:
    config = config_of(place, credential, **wrong)
    with pytest.raises(error, match=rf"{place.bucket} \(aws, eu-west-1\).*{text}") as caught:
        AwsProver().prove(config, None)
    assert_no_secret_in(caught, config)


def test_a_deleted_writers_key_is_refused(
    place: AwsPlace, writer: AwsWriter, credential: Mapping[str, str]
) -> None:
    AwsWriters().delete(writer, 1)
    config = config_of(place, credential)
    with pytest.raises(StorageRefusedError, match=r"InvalidAccessKeyId") as caught:
        AwsProver().prove(config, None)
    assert_no_secret_in(caught, config)


def test_a_bucket_that_is_not_there_is_missing(moto: MotoServer, place: AwsPlace) -> None:
    everything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    key, secret = moto.key_of(f"wide-{uuid4().hex[:8]}", everything)
    config = config_of(place, {"access_key": key, "secret": secret}, bucket=f"no-{MARK}")
    with pytest.raises(StorageMissingError, match=r"no-ab12cd34 .*no such bucket") as caught:
        AwsProver().prove(config, None)
    assert_no_secret_in(caught, config)


def test_a_key_that_may_not_abort_is_told_so(moto: MotoServer, place: AwsPlace) -> None:
    put = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    key, secret = moto.key_of(f"put-{uuid4().hex[:8]}", put)
    with pytest.raises(StorageRefusedError, match="lack s3:AbortMultipartUpload"):
        AwsProver().prove(config_of(place, {"access_key": key, "secret": secret}), None)


def test_an_endpoint_that_is_not_there_is_unreachable(
    monkeypatch: pytest.MonkeyPatch, place: AwsPlace
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        config = config_of(place, {"access_key": "AKIA" + CANARY, "secret": CANARY})
        with pytest.raises(StorageUnreachableError, match="no connection to AWS") as caught:
            AwsProver().prove(config, None)
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


ELSEWHERE = "is in us-west-2 .*mend the storage_config's region"


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        ((301, "PermanentRedirect"), StorageRefusedError, ELSEWHERE),
        ((400, "AuthorizationHeaderMalformed"), StorageRefusedError, ELSEWHERE),
        ((400, "ExpiredToken"), StorageRefusedError, "have expired"),
        ((403, "RequestTimeTooSkewed"), StorageRefusedError, "clock of this machine"),
        ((400, "SomethingNew"), StorageRefusedError, r"it says: .*Credential=\[sec"),
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
            AwsProver().prove(config, None)
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
        AwsProver().prove(config, None)


# The SDK


def test_the_sdk_is_not_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, realtimekit_provider.clouds.aws\n"
        "print([name for name in sys.modules if name.startswith(('boto', 's3transfer'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n", done


def test_a_missing_sdk_names_the_extra(monkeypatch: pytest.MonkeyPatch, place: AwsPlace) -> None:
    for module in ("boto3", "botocore.config", "botocore.exceptions", "botocore.session"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingSdkError, match=r"pip install 'realtimekit-provider\[aws\]'"):
        AwsPlaces().read(place)
