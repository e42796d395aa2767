"""Each call of Azure's SDK is a line in the log; the server is a fake, so Azurite is not needed."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from realtimekit_provider.storage.backends.azure.client import create_container_client

KEY = base64.b64encode(b"canary-key" * 4).decode()
CANARY = "canarysignature"


class _Container(BaseHTTPRequestHandler):
    """Is busy once, then answers."""

    statuses: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        """Answer with the next status."""
        self.send_response(self.statuses.pop(0))
        self.send_header("x-ms-request-id", "5f-01")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@contextmanager
def _running_server(*statuses: int) -> Iterator[str]:
    _Container.statuses[:] = statuses
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Container)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "credential",
    [f"AccountName=acme;AccountKey={KEY}", f"SharedAccessSignature=sv=2024-01-01&sig={CANARY}"],
    ids=["key", "signature"],
)
def test_all_attempts_of_a_call_are_logged(
    credential: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With the id of the request, and neither the query nor what it is signed with."""
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")
    with _running_server(503, 200) as url:
        text = f"BlobEndpoint={url}/acme;{credential}"
        with create_container_client(text, "box") as client:
            client.get_container_properties()
    assert [re.sub(r"\d+\.\d{3} s", "…", one) for one in caplog.messages] == [
        "Azure: GET 127.0.0.1/acme/box answered 503 after … (attempt 1, x-ms-request-id 5f-01)",
        "Azure: GET 127.0.0.1/acme/box answered 200 after … (attempt 2, x-ms-request-id 5f-01)",
    ]
    assert {one.name for one in caplog.records} == {"realtimekit_provider.calls.azure"}


def test_a_call_without_an_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """By the kind of its error."""
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")
    text = f"BlobEndpoint=http://127.0.0.1:1/acme;AccountName=acme;AccountKey={KEY}"
    client = create_container_client(text, "box")
    with client, pytest.raises(Exception, match="refused"):
        client.get_container_properties()
    assert [one.partition(" after ")[0] for one in caplog.messages] == [
        "Azure: GET 127.0.0.1/acme/box failed with ServiceRequestError"
    ] * 2
