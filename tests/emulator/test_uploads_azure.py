"""Uploads to Azure Blob Storage, on Microsoft's own stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from azure.storage.blob import ContainerClient, ContainerSasPermissions, generate_container_sas

from realtimekit_emulator import EmulatorServer
from tests.emulator.upload_setup import only_this_machine, record, refused, uploading
from tools.test_servers.azurite import (
    AZURITE_IS_MISSING,
    Azurite,
    azurite_server,
    find_azurite,
)
from tools.webm_reader import read_title

CONTAINER = "recordings"
WRONG_KEY = "Q0FOQVJZ" * 8
ELSEWHERE = "the BlobEndpoint of the connection string is not on this machine"

with_azurite = pytest.mark.skipif(find_azurite() is None, reason=AZURITE_IS_MISSING)


@pytest.fixture(scope="module")
def server() -> Iterator[Azurite]:
    with azurite_server() as running:
        yield running


@pytest.fixture(scope="module")
def container(server: Azurite) -> Iterator[ContainerClient]:
    with ContainerClient.from_connection_string(server.connection_string(), CONTAINER) as client:
        client.create_container()
        yield client


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorServer]:
    with uploading() as server:
        yield server


def with_sas(server: Azurite, **rights: bool) -> str:
    sas = generate_container_sas(
        server.account,
        CONTAINER,
        server.keys[server.account],
        permission=ContainerSasPermissions(**rights),
        expiry=datetime.now(timezone.utc) + timedelta(hours=1),
    )
    endpoint = f"http://127.0.0.1:{server.port}/{server.account}"
    return f"BlobEndpoint={endpoint};SharedAccessSignature={sas}"


def at(endpoint: str) -> str:
    """A connection string for an account somewhere."""
    return f"AccountName=a;AccountKey={WRONG_KEY};BlobEndpoint={endpoint}"


def storage(connection: str, **changed: str) -> dict[str, Any]:
    config = {"type": "azure", "access_key": connection, "bucket": CONTAINER, "path": "in/azure"}
    return {**config, "secret": "", "region": "", **changed}


def content(container: ContainerClient, name: str) -> bytes:
    return container.download_blob(name).readall()


@with_azurite
def test_the_accounts_key_puts_the_file_below_the_path(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer
) -> None:
    ended = record(emulator, storage(server.connection_string()))
    assert read_title(content(container, f"in/azure/{ended.file_name}")) == f"{ended.id}/default"


@with_azurite
@pytest.mark.parametrize("rights", [{"create": True}, {"create": True, "write": True}])
def test_a_sas_that_may_only_create_is_enough(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer, rights: dict[str, bool]
) -> None:
    ended = record(emulator, storage(with_sas(server, **rights)))
    assert read_title(content(container, f"in/azure/{ended.file_name}")) == f"{ended.id}/default"


@with_azurite
def test_the_environment_sends_it_nowhere_else(
    server: Azurite,
    container: ContainerClient,
    emulator: EmulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with only_this_machine(monkeypatch) as hosts:
        ended = record(emulator, storage(server.connection_string()))
    assert content(container, f"in/azure/{ended.file_name}")
    assert set(hosts) == {"127.0.0.1"}


@with_azurite
def test_a_wrong_key_is_told_by_the_servers_code(
    server: Azurite,
    container: ContainerClient,
    emulator: EmulatorServer,
    *,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    told = refused(emulator, storage(server.connection_string(key=WRONG_KEY)), WRONG_KEY)
    assert told == "the server answered 403 AuthorizationFailure"
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@with_azurite
def test_a_sas_without_the_right_to_create_is_told(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer
) -> None:
    connection = with_sas(server, read=True, list=True)
    told = refused(emulator, storage(connection), connection.partition("sig=")[2])
    assert told == "the server answered 403 AuthorizationPermissionMismatch"


@with_azurite
def test_a_container_that_is_not_there_is_told(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer
) -> None:
    told = refused(
        emulator, storage(server.connection_string(), bucket="another"), server.keys[server.account]
    )
    assert told == "the server answered 404 ContainerNotFound"


@pytest.mark.parametrize("connection", ["CANARY", "CANARY=1;CANARY", "CANARY=CANARY"])
def test_what_is_no_connection_string_is_told(emulator: EmulatorServer, connection: str) -> None:
    told = refused(emulator, storage(connection), "CANARY")
    assert told == "the access_key is not a connection string"


@pytest.mark.parametrize(
    "connection",
    [
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={WRONG_KEY}",
        at("https://a.blob.core.windows.net"),
        at("http://127.0.0.1@192.0.2.1/a"),
        at("http://192.0.2.1\\@127.0.0.1/a"),
        f"{at('http://127.0.0.1:9/a')};BlobSecondaryEndpoint=http://192.0.2.1/a",
        "BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=sig=" + WRONG_KEY,
    ],
)
def test_an_account_elsewhere_is_not_even_looked_up(
    emulator: EmulatorServer, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with only_this_machine(monkeypatch) as hosts:
        told = refused(emulator, storage(connection), WRONG_KEY)
    assert told == f"{ELSEWHERE}, and the emulator does not leave it"
    assert set(hosts) == {"127.0.0.1"}


def test_a_server_that_is_gone_makes_the_recording_errored(emulator: EmulatorServer) -> None:
    told = refused(emulator, storage(at("http://127.0.0.1:9/a")), WRONG_KEY)
    assert told == "ServiceRequestError"
