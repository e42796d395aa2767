"""Requests to Spaces, and the SDK that they need."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from realtimekit_provider.errors import (
    MissingSdkError,
)
from realtimekit_provider.storage.backends.spaces.client import create_spaces_client
from tests.storage.backends.spaces.spaces_setup import REGION, declared
from tests.storage.locations import locations


@pytest.mark.parametrize(
    ("declared_endpoint", "variable", "asked"),
    [
        (None, None, "https://sgp1.digitaloceanspaces.com"),
        (None, "https://{{.Region}}.spaces.test", "https://sgp1.spaces.test"),
        ("https://own.test", "https://{{.Region}}.spaces.test", "https://own.test"),
    ],
)
def test_the_endpoint_is_the_regions_in_lower_case(
    monkeypatch: pytest.MonkeyPatch,
    declared_endpoint: str | None,
    variable: str | None,
    asked: str,
) -> None:
    monkeypatch.delenv("SPACES_ENDPOINT_URL")
    if variable:
        monkeypatch.setenv("SPACES_ENDPOINT_URL", variable)
    client = create_spaces_client(REGION, declared_endpoint, "key", "secret")
    assert client.meta.endpoint_url == asked
    assert client.meta.region_name == "sgp1"
    client.close()


@contextmanager
def listening(requests: list[tuple[str, Mapping[str, str], bytes]]) -> Iterator[str]:
    """Accept everything, and keep what was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            requests.append((self.path, dict(self.headers), body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_requests_are_those_of_s3_before_it_changed_its_checksums() -> None:
    """Spaces asks for an MD5 where S3 now takes a CRC, and has bucket names in the path."""
    requests: list[tuple[str, Mapping[str, str], bytes]] = []
    with listening(requests) as url:
        client = create_spaces_client(REGION, url, "key", "secret")
        rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
        client.put_bucket_lifecycle_configuration(
            Bucket="dotted.name", LifecycleConfiguration={"Rules": [rule]}
        )
        client.close()
    [(path, headers, body)] = requests
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    assert path == "/dotted.name?lifecycle"
    assert headers["Content-MD5"] == base64.b64encode(digest).decode()
    assert not [name for name in headers if "checksum" in name.lower()]


def test_the_sdk_is_not_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, realtimekit_provider.storage.backends.spaces.location_backend\n"
        "print([name for name in sys.modules if name.startswith(('boto', 's3transfer'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n", done


def test_a_missing_sdk_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(MissingSdkError, match=r"pip install 'realtimekit-provider\[aws\]"):
        locations("digitalocean").read(declared())
