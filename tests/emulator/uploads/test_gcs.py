"""Uploads to Cloud Storage, on a test server that checks tokens and rights."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from realtimekit_emulator import EmulatorServer
from tests.emulator.uploads.upload_setup import (
    CLOSED,
    create_uploading_emulator,
    list_contacted_hosts,
    record,
    record_failure,
)
from tools.test_servers.gcs_server import GcsServer, gcs_server
from tools.webm_reader import read_title

BUCKET = "recordings"
NOT_LOOPBACK = "the token_uri of the service account is not on this machine"


@dataclass
class Administrator:
    """A client with every right, over plain HTTP."""

    server: GcsServer
    session: requests.Session

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        response = self.session.request(method, f"{self.server.url}/{path}", timeout=5, **options)
        assert response.status_code == 200, response.text
        return response

    def create_writer_key(self) -> str:
        """Return the key of a new account that may only create objects below ``in/``."""
        accounts = f"v1/projects/{self.server.project}/serviceAccounts"
        email = self.send("POST", accounts, json={"accountId": "writer"}).json()["email"]
        prefix = f"projects/_/buckets/{BUCKET}/objects/in/"
        binding = {
            "role": "roles/storage.objectCreator",
            "members": [f"serviceAccount:{email}"],
            "condition": {"title": "below", "expression": f'resource.name.startsWith("{prefix}")'},
        }
        policy = {"version": 3, "bindings": [binding]}
        self.send("PUT", f"storage/v1/b/{BUCKET}/iam", json=policy)
        key = self.send("POST", f"{accounts}/{email}/keys").json()
        return base64.b64decode(key["privateKeyData"]).decode()

    def read_object(self, name: str) -> bytes:
        path = f"storage/v1/b/{BUCKET}/o/{quote(name, safe='')}"
        return self.send("GET", f"download/{path}", params={"alt": "media"}).content


@pytest.fixture(scope="module")
def server() -> Iterator[GcsServer]:
    with gcs_server() as running:
        yield running


@pytest.fixture(scope="module")
def administrator(server: GcsServer) -> Iterator[Administrator]:
    account = json.loads(server.iam.admin_key(server.token_uri))
    credentials: Any = service_account.Credentials
    key = credentials.from_service_account_info(account, scopes=["storage"])
    with requests.Session() as session:
        key.refresh(Request(session))
        session.headers["Authorization"] = f"Bearer {key.token}"
        administrator = Administrator(server, session)
        administrator.send("POST", "storage/v1/b", json={"name": BUCKET})
        yield administrator


@pytest.fixture(scope="module")
def key(administrator: Administrator) -> str:
    return administrator.create_writer_key()


@pytest.fixture(scope="module")
def emulator(server: GcsServer) -> Iterator[EmulatorServer]:
    with create_uploading_emulator(gcs_endpoint=server.url) as running:
        yield running


@pytest.fixture
def storage(key: str) -> dict[str, Any]:
    return {"type": "gcs", "secret": key, "bucket": BUCKET, "region": "eu", "path": "in/gcs/"}


def change_key(key: str, **fields: Any) -> str:
    return json.dumps({**json.loads(key), **fields})


def test_a_writer_with_only_the_right_to_create_can_upload(
    administrator: Administrator, emulator: EmulatorServer, storage: dict[str, Any]
) -> None:
    calls = administrator.server.calls
    calls.clear()
    recording = record(emulator, storage)
    assert calls == ["POST /token", f"POST /upload/storage/v1/b/{BUCKET}/o"]
    assert (
        read_title(administrator.read_object(f"in/gcs/{recording.file_name}"))
        == f"{recording.id}/default"
    )


def test_no_other_server_is_contacted(
    emulator: EmulatorServer, storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STORAGE_EMULATOR_HOST", "API_ENDPOINT_OVERRIDE"):
        monkeypatch.setenv(name, CLOSED)
    with list_contacted_hosts(monkeypatch) as hosts:
        record(emulator, storage)
    assert set(hosts) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"path": "elsewhere"}, "the server answered 403"),
        ({"bucket": "another"}, "the server answered 403"),
    ],
)
def test_a_refusal_is_reported_with_the_servers_status(
    emulator: EmulatorServer, storage: dict[str, Any], changes: dict[str, str], failure: str
) -> None:
    secret = json.loads(storage["secret"])
    secrets = (secret["private_key_id"], secret["private_key"].splitlines()[1])
    assert record_failure(emulator, {**storage, **changes}, *secrets) == failure


def test_a_key_of_another_account_gets_no_token(
    server: GcsServer,
    emulator: EmulatorServer,
    storage: dict[str, Any],
    *,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    foreign = json.loads(server.iam.admin_key(server.token_uri))["private_key"]
    secret = change_key(storage["secret"], private_key=foreign)
    failure = record_failure(emulator, {**storage, "secret": secret}, foreign.splitlines()[1])
    assert failure == "the service account got no token"
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("secret", ["CANARY", '["CANARY"]', '"CANARY"'])
def test_a_secret_that_is_no_service_account_is_reported(
    emulator: EmulatorServer, storage: dict[str, Any], secret: str
) -> None:
    failure = record_failure(emulator, {**storage, "secret": secret}, "CANARY")
    assert failure == "the secret is not the JSON of a service account"


@pytest.mark.parametrize(
    "fields", [{"private_key": "CANARY"}, {"client_email": 1, "private_key": ""}]
)
def test_an_invalid_key_is_reported(
    emulator: EmulatorServer, storage: dict[str, Any], fields: dict[str, Any]
) -> None:
    secret = change_key(storage["secret"], **fields)
    failure = record_failure(emulator, {**storage, "secret": secret}, "CANARY")
    assert failure == "the key of the service account cannot be read"


@pytest.mark.parametrize(
    "uri", ["https://oauth2.googleapis.com/token", "http://127.0.0.1\\@192.0.2.1/", "", None]
)
def test_a_token_uri_that_is_not_on_loopback_is_refused(
    emulator: EmulatorServer,
    storage: dict[str, Any],
    uri: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = change_key(storage["secret"], token_uri=uri)
    with list_contacted_hosts(monkeypatch) as hosts:
        failure = record_failure(emulator, {**storage, "secret": secret})
    assert failure == f"{NOT_LOOPBACK}, and the emulator uploads to nothing else"
    assert set(hosts) == {"127.0.0.1"}


def test_without_an_endpoint_nothing_is_sent(
    storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with create_uploading_emulator() as emulator, list_contacted_hosts(monkeypatch) as hosts:
        failure = record_failure(emulator, storage)
    assert failure == "gcs_endpoint is not set, and the emulator uploads to this machine only"
    assert set(hosts) == {"127.0.0.1"}
