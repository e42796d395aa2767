"""Uploads to Cloud Storage, on a stand-in that checks tokens and rights."""

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
from tests.emulator.upload_setup import CLOSED, only_this_machine, record, refused, uploading
from tools.test_servers.gcs_server import GcsServer, gcs_server
from tools.webm_reader import read_title

BUCKET = "recordings"
ELSEWHERE = "the token_uri of the service account is not on this machine"


@dataclass
class Administrator:
    """Somebody who may do everything, over plain HTTP."""

    server: GcsServer
    session: requests.Session

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        answer = self.session.request(method, f"{self.server.url}/{path}", timeout=5, **options)
        assert answer.status_code == 200, answer.text
        return answer

    def key_of_a_writer(self) -> str:
        """Return the key of a new account that may create objects below ``in/`` and no more."""
        accounts = f"v1/projects/{self.server.project}/serviceAccounts"
        email = self.ask("POST", accounts, json={"accountId": "writer"}).json()["email"]
        prefix = f"projects/_/buckets/{BUCKET}/objects/in/"
        binding = {
            "role": "roles/storage.objectCreator",
            "members": [f"serviceAccount:{email}"],
            "condition": {"title": "below", "expression": f'resource.name.startsWith("{prefix}")'},
        }
        policy = {"version": 3, "bindings": [binding]}
        self.ask("PUT", f"storage/v1/b/{BUCKET}/iam", json=policy)
        key = self.ask("POST", f"{accounts}/{email}/keys").json()
        return base64.b64decode(key["privateKeyData"]).decode()

    def content(self, name: str) -> bytes:
        path = f"storage/v1/b/{BUCKET}/o/{quote(name, safe='')}"
        return self.ask("GET", f"download/{path}", params={"alt": "media"}).content


@pytest.fixture(scope="module")
def server() -> Iterator[GcsServer]:
    with gcs_server() as running:
        yield running


@pytest.fixture(scope="module")
def administrator(server: GcsServer) -> Iterator[Administrator]:
    told = json.loads(server.iam.admin_key(server.token_uri))
    kind: Any = service_account.Credentials
    key = kind.from_service_account_info(told, scopes=["storage"])
    with requests.Session() as session:
        key.refresh(Request(session))
        session.headers["Authorization"] = f"Bearer {key.token}"
        administrator = Administrator(server, session)
        administrator.ask("POST", "storage/v1/b", json={"name": BUCKET})
        yield administrator


@pytest.fixture(scope="module")
def key(administrator: Administrator) -> str:
    return administrator.key_of_a_writer()


@pytest.fixture(scope="module")
def emulator(server: GcsServer) -> Iterator[EmulatorServer]:
    with uploading(gcs_endpoint=server.url) as running:
        yield running


@pytest.fixture
def storage(key: str) -> dict[str, Any]:
    return {"type": "gcs", "secret": key, "bucket": BUCKET, "region": "eu", "path": "in/gcs/"}


def changed(key: str, **fields: Any) -> str:
    return json.dumps({**json.loads(key), **fields})


def test_a_writer_that_may_only_create_gets_its_file_below_the_path(
    administrator: Administrator, emulator: EmulatorServer, storage: dict[str, Any]
) -> None:
    calls = administrator.server.calls
    calls.clear()
    ended = record(emulator, storage)
    assert calls == ["POST /token", f"POST /upload/storage/v1/b/{BUCKET}/o"]
    assert read_title(administrator.content(f"in/gcs/{ended.file_name}")) == f"{ended.id}/default"


def test_nobody_but_the_stand_in_is_asked(
    emulator: EmulatorServer, storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STORAGE_EMULATOR_HOST", "API_ENDPOINT_OVERRIDE"):
        monkeypatch.setenv(name, CLOSED)
    with only_this_machine(monkeypatch) as hosts:
        record(emulator, storage)
    assert set(hosts) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"path": "elsewhere"}, "the server answered 403"),
        ({"bucket": "another"}, "the server answered 403"),
    ],
)
def test_what_the_server_refuses_is_told_by_its_status(
    emulator: EmulatorServer, storage: dict[str, Any], asked: dict[str, str], told: str
) -> None:
    secret = json.loads(storage["secret"])
    secrets = (secret["private_key_id"], secret["private_key"].splitlines()[1])
    assert refused(emulator, {**storage, **asked}, *secrets) == told


def test_a_key_that_is_not_the_accounts_gets_no_token(
    server: GcsServer,
    emulator: EmulatorServer,
    storage: dict[str, Any],
    *,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    foreign = json.loads(server.iam.admin_key(server.token_uri))["private_key"]
    secret = changed(storage["secret"], private_key=foreign)
    told = refused(emulator, {**storage, "secret": secret}, foreign.splitlines()[1])
    assert told == "the service account got no token"
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("secret", ["CANARY", '["CANARY"]', '"CANARY"'])
def test_a_secret_that_is_no_service_account_is_told(
    emulator: EmulatorServer, storage: dict[str, Any], secret: str
) -> None:
    told = refused(emulator, {**storage, "secret": secret}, "CANARY")
    assert told == "the secret is not the JSON of a service account"


@pytest.mark.parametrize(
    "fields", [{"private_key": "CANARY"}, {"client_email": 1, "private_key": ""}]
)
def test_a_key_that_is_broken_is_told(
    emulator: EmulatorServer, storage: dict[str, Any], fields: dict[str, Any]
) -> None:
    secret = changed(storage["secret"], **fields)
    told = refused(emulator, {**storage, "secret": secret}, "CANARY")
    assert told == "the key of the service account cannot be read"


@pytest.mark.parametrize(
    "uri", ["https://oauth2.googleapis.com/token", "http://127.0.0.1\\@192.0.2.1/", "", None]
)
def test_a_key_for_googles_own_tokens_goes_nowhere(
    emulator: EmulatorServer,
    storage: dict[str, Any],
    uri: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = changed(storage["secret"], token_uri=uri)
    with only_this_machine(monkeypatch) as hosts:
        told = refused(emulator, {**storage, "secret": secret})
    assert told == f"{ELSEWHERE}, and the emulator does not leave it"
    assert set(hosts) == {"127.0.0.1"}


def test_without_an_endpoint_nothing_is_sent(
    storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with uploading() as emulator, only_this_machine(monkeypatch) as hosts:
        told = refused(emulator, storage)
    assert told == "no gcs_endpoint was given, and the emulator does not leave this machine"
    assert set(hosts) == {"127.0.0.1"}
