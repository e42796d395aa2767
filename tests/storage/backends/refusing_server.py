"""A server that refuses every request in the words of one cloud, and counts them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import MappingProxyType
from typing import Any

import pytest

from tests.example_values import STORAGE

__all__ = [
    "ACCOUNT_KEY",
    "Refusal",
    "RefusingServer",
    "azure_refusal",
    "point_to",
    "refusing_server",
    "s3_refusal",
]

ACCOUNT_KEY = base64.b64encode(b"CANARY" * 8).decode()


@dataclass(frozen=True)
class Refusal:
    """What is answered to every request."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class RefusingServer:
    """Where it listens, and the method and path of each request."""

    url: str
    requests: list[str] = field(default_factory=list)


def s3_refusal(code: str, message: str = "", status: int = 403) -> Refusal:
    """Return what S3 answers."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Refusal(status, body, {"x-amz-bucket-region": "us-west-2"})


def azure_refusal(code: str, status: int = 403) -> Refusal:
    """Return what Azure answers."""
    error = f"<Error><Code>{code}</Code><Message>It is refused.</Message></Error>"
    body = f'<?xml version="1.0" encoding="utf-8"?>{error}'
    return Refusal(status, body, {"x-ms-error-code": code, "Content-Type": "application/xml"})


@contextmanager
def refusing_server(refusal: Refusal) -> Iterator[RefusingServer]:
    """Listen on a free port of loopback until the end of the block."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            self.close_connection = True
            if not (self.raw_requestline and self.parse_request()):
                return
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            requests.append(f"{self.command} {self.path.partition('?')[0]}")
            self.send_response(refusal.status)
            body = refusal.body.encode()
            for name, value in {**refusal.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield RefusingServer(f"http://127.0.0.1:{server.server_port}", requests)
        finally:
            server.shutdown()


def point_to(storage_type: str, url: str, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return a ``storage_config`` whose cloud is at ``url``."""
    config = dict(STORAGE[storage_type])
    if storage_type == "aws":
        patch.setenv("AWS_ENDPOINT_URL_S3", url)
    if storage_type == "digitalocean":
        patch.setenv("SPACES_ENDPOINT_URL", url)
    if storage_type == "azure":
        config["access_key"] = f"BlobEndpoint={url}/acme;AccountName=acme;AccountKey={ACCOUNT_KEY}"
    if storage_type == "gcs":
        patch.setenv("STORAGE_EMULATOR_HOST", url)
        key = {**json.loads(config["secret"]), "token_uri": f"{url}/token"}
        config["secret"] = json.dumps(key)
    return config
