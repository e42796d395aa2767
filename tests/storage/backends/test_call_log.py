"""Each call of boto3 is a line in the log."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

import pytest

from realtimekit_provider.errors import StorageError
from realtimekit_provider.storage.backends.s3.client import create_client
from tests.storage.backends.aws.aws_setup import declared, parse_writer
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.moto_server import MotoServer

pytestmark = pytest.mark.usefixtures("aws_environment")


@pytest.fixture(autouse=True)
def _debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")


def test_calls_of_both_services_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Bucket and user, with the id of the request; the new key's secret is in no line."""
    location = declared()
    locations("aws").create(location)
    made = writers_of("aws").create(parse_writer(location), 1)
    assert {one.name for one in caplog.records} == {
        "realtimekit_provider.calls.s3",
        "realtimekit_provider.calls.iam",
    }
    created = f"S3: PUT 127.0.0.1/{location.bucket} answered 200 after "
    assert any(one.startswith(created) and "x-amz" in one for one in caplog.messages)
    assert any(one.startswith("IAM: POST 127.0.0.1/ answered 200") for one in caplog.messages)
    assert made["secret"] not in caplog.text
    assert "?" not in caplog.text


def test_all_attempts_of_a_call_are_logged(
    moto: MotoServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nobody answers; the second attempt says that it is the second."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with suppress(StorageError):
        locations("aws").read(declared(bucket="recordings"))
    assert [one.partition(" after ")[0] for one in caplog.messages] == [
        "S3: HEAD 127.0.0.1/recordings failed with EndpointConnectionError"
    ] * len(caplog.messages)
    numbers = [one.rpartition("attempt ")[2] for one in caplog.messages]
    assert numbers == ["1)", "2)"]


def test_a_query_that_signs_is_not_logged(
    moto: MotoServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The key's id is in the header or in the query of each request."""
    client: Any = create_client("s3", "eu-west-1")
    client.list_buckets(MaxBuckets=1)
    assert len(caplog.messages) == 1
    assert moto.environment["AWS_ACCESS_KEY_ID"] not in caplog.text
