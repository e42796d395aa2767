"""Uploads to Azure Blob Storage, on Azurite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from azure.storage.blob import ContainerClient, ContainerSasPermissions, generate_container_sas

from realtimekit_emulator import EmulatorServer
from tests.emulator.uploads.upload_setup import (
    create_uploading_emulator,
    list_contacted_hosts,
    record,
    record_failure,
)
from tests.shared_servers import get_azurite
from tools.test_servers.azurite import (
    AZURITE_IS_MISSING,
    Azurite,
    find_azurite,
)
from tools.webm_reader import read_title

CONTAINER = "recordings"
WRONG_KEY = "Q0FOQVJZ" * 8
NOT_LOOPBACK = "the BlobEndpoint of the connection string is not on this machine"

with_azurite = pytest.mark.skipif(find_azurite() is None, reason=AZURITE_IS_MISSING)


@pytest.fixture(scope="module")
def server() -> Azurite:
    return get_azurite()


@pytest.fixture(scope="module")
def container(server: Azurite) -> Iterator[ContainerClient]:
    with ContainerClient.from_connection_string(server.connection_string(), CONTAINER) as client:
        if not client.exists():
            client.create_container()
        yield client


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorServer]:
    with create_uploading_emulator() as server:
        yield server


def create_sas_connection_string(server: Azurite, **rights: bool) -> str:
    sas = generate_container_sas(
        server.account,
        CONTAINER,
        server.keys[server.account],
        permission=ContainerSasPermissions(**rights),
        expiry=datetime.now(timezone.utc) + timedelta(hours=1),
    )
    endpoint = f"http://127.0.0.1:{server.port}/{server.account}"
    return f"BlobEndpoint={endpoint};SharedAccessSignature={sas}"


def build_connection_string(endpoint: str) -> str:
    """Return a connection string with an account key for an endpoint."""
    return f"AccountName=a;AccountKey={WRONG_KEY};BlobEndpoint={endpoint}"


def build_storage(connection: str, **changed: str) -> dict[str, Any]:
    config = {"type": "azure", "access_key": connection, "bucket": CONTAINER, "path": "in/azure"}
    return {**config, "secret": "", "region": "", **changed}


def read_blob(container: ContainerClient, name: str) -> bytes:
    return container.download_blob(name).readall()


@with_azurite
def test_an_account_key_can_upload(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer
) -> None:
    recording = record(emulator, build_storage(server.connection_string()))
    assert (
        read_title(read_blob(container, f"in/azure/{recording.file_name}"))
        == f"{recording.id}/default"
    )


@with_azurite
@pytest.mark.parametrize("rights", [{"create": True}, {"create": True, "write": True}])
def test_a_sas_with_only_the_right_to_create_can_upload(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer, rights: dict[str, bool]
) -> None:
    recording = record(emulator, build_storage(create_sas_connection_string(server, **rights)))
    assert (
        read_title(read_blob(container, f"in/azure/{recording.file_name}"))
        == f"{recording.id}/default"
    )


@with_azurite
def test_the_environment_does_not_change_the_endpoint(
    server: Azurite,
    container: ContainerClient,
    emulator: EmulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with list_contacted_hosts(monkeypatch) as hosts:
        recording = record(emulator, build_storage(server.connection_string()))
    assert read_blob(container, f"in/azure/{recording.file_name}")
    assert set(hosts) == {"127.0.0.1"}


@with_azurite
def test_a_wrong_key_is_reported_with_the_servers_code(
    server: Azurite,
    container: ContainerClient,
    emulator: EmulatorServer,
    *,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    failure = record_failure(
        emulator, build_storage(server.connection_string(key=WRONG_KEY)), WRONG_KEY
    )
    assert failure == "the server answered 403 AuthorizationFailure"
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@with_azurite
def test_a_sas_without_the_right_to_create_is_reported(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer
) -> None:
    connection = create_sas_connection_string(server, read=True, list=True)
    failure = record_failure(emulator, build_storage(connection), connection.partition("sig=")[2])
    assert failure == "the server answered 403 AuthorizationPermissionMismatch"


@with_azurite
def test_a_missing_container_is_reported(
    server: Azurite, container: ContainerClient, emulator: EmulatorServer
) -> None:
    failure = record_failure(
        emulator,
        build_storage(server.connection_string(), bucket="another"),
        server.keys[server.account],
    )
    assert failure == "the server answered 404 ContainerNotFound"


@pytest.mark.parametrize("connection", ["CANARY", "CANARY=1;CANARY", "CANARY=CANARY"])
def test_an_invalid_connection_string_is_reported(
    emulator: EmulatorServer, connection: str
) -> None:
    failure = record_failure(emulator, build_storage(connection), "CANARY")
    assert failure == "the access_key is not a connection string"


@pytest.mark.parametrize(
    "connection",
    [
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={WRONG_KEY}",
        build_connection_string("https://a.blob.core.windows.net"),
        build_connection_string("http://127.0.0.1@192.0.2.1/a"),
        build_connection_string("http://192.0.2.1\\@127.0.0.1/a"),
        f"{build_connection_string('http://127.0.0.1:9/a')};BlobSecondaryEndpoint=http://192.0.2.1/a",
        "BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=sig=" + WRONG_KEY,
    ],
)
def test_an_account_that_is_not_on_loopback_is_not_contacted(
    emulator: EmulatorServer, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with list_contacted_hosts(monkeypatch) as hosts:
        failure = record_failure(emulator, build_storage(connection), WRONG_KEY)
    assert failure == f"{NOT_LOOPBACK}, and the emulator uploads to nothing else"
    assert set(hosts) == {"127.0.0.1"}


def test_an_unreachable_server_makes_the_recording_errored(emulator: EmulatorServer) -> None:
    failure = record_failure(
        emulator, build_storage(build_connection_string("http://127.0.0.1:9/a")), WRONG_KEY
    )
    assert failure == "ServiceRequestError"
