"""How Google's SDK is used: a client a thread, our limits, no calls but those that are made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from threading import Barrier
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from realtimekit_provider.errors import StorageCredentialError, StorageUnreachableError
from realtimekit_provider.storage.backends.gcs import bucket, storage_client
from realtimekit_provider.storage.backends.gcs.api import ApiResponse, Operation
from realtimekit_provider.storage.backends.gcs.credentials import find_administrator
from realtimekit_provider.storage.backends.gcs.storage_client import StorageClient
from realtimekit_provider.storage.backends.gcs.write_probe import GcsWriteProbe
from tests.storage.backends.gcs.gcs_setup import BUCKET, build_location, config, writer
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.gcs_server import PROJECT, GcsServer

OPERATION = Operation("buckets.get", "storage.buckets.get")


@pytest.fixture
def client(server: GcsServer) -> StorageClient:
    return StorageClient(find_administrator("The bucket x", PROJECT))


def read_bucket(sdk_client: Any) -> Any:
    return sdk_client.get_bucket(BUCKET, retry=None)


def test_a_thread_has_a_client_of_its_own(client: StorageClient) -> None:
    """And keeps it, with its connections; neither is safe to share."""
    together = Barrier(4)

    def get_clients(_: int) -> list[Any]:
        together.wait(10)
        return [client.call(OPERATION, lambda sdk_client: sdk_client) for _ in range(2)]

    with ThreadPoolExecutor(4) as threads:
        pairs = list(threads.map(get_clients, range(4)))
    assert all(first is second for first, second in pairs)
    assert len({id(first) for first, _ in pairs}) == 4
    assert len({id(first._http) for first, _ in pairs}) == 4


def test_a_bucket_of_many_pages_is_emptied_by_a_few_clients_that_are_closed(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One for each thread, whatever the number of pages, and one for the operation itself."""
    monkeypatch.setattr(bucket, "_WORKERS", 2)
    monkeypatch.setattr(bucket, "_PAGE_SIZE", 2)
    list_all = bucket.GcsBucket._list_objects  # the test server has one page for all
    monkeypatch.setattr(
        bucket.GcsBucket, "_list_objects", lambda self, limit: list_all(self, limit)[:limit]
    )
    locations("gcs").create(build_location())
    for number in range(10):
        server.put(BUCKET, f"tracks/{number}.webm")
    clients: list[Any] = []
    closed: list[Any] = []
    create = storage_client._create_sdk_client

    def record_client(credentials: Any) -> Any:
        clients.append(create(credentials))
        monkeypatch.setattr(clients[-1], "close", lambda one=clients[-1]: closed.append(one))
        return clients[-1]

    monkeypatch.setattr(storage_client, "_create_sdk_client", record_client)
    assert locations("gcs").delete(build_location(on_delete="force")) == "deleted"
    assert 1 < len(clients) <= 3
    assert closed == clients


def test_deletions_are_logged_on_the_row_of_their_operation(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The threads of a pool know nothing of it by themselves."""
    locations("gcs").create(build_location())
    server.put(BUCKET, "tracks/a.webm")
    row = ContextVar("row", default="none")
    rows: list[str] = []
    delete = bucket.GcsBucket._delete_object

    def record_row(self: bucket.GcsBucket, found: Any) -> None:
        rows.append(row.get())
        delete(self, found)

    monkeypatch.setattr(bucket.GcsBucket, "_delete_object", record_row)
    row.set("of the operation")
    locations("gcs").delete(build_location(on_delete="force"))
    assert rows == ["of the operation"]


def test_a_call_is_tried_twice_and_never_by_the_sdk(
    server: GcsServer, client: StorageClient
) -> None:
    """The SDK's own tries would go on for two minutes."""
    server.failures.extend([503] * 5)
    with pytest.raises(StorageUnreachableError, match="it is busy"):
        client.call(OPERATION, read_bucket)
    assert len(server.failures) == 3


def test_no_call_of_a_bucket_keeps_the_sdks_own_tries(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the whole life of a bucket, its writer and its write test."""
    monkeypatch.setattr("google.api_core.retry.Retry.__call__", lambda *_: pytest.fail("a retry"))
    backend, writers = locations("gcs"), writers_of("gcs")
    backend.create(build_location())
    backend.create(build_location(retention_days=3))
    secret = writers.create(writer(), 1)["secret"]
    GcsWriteProbe().check(config(secret), None)
    assert writers.is_in_sync(writer(), 1, {"secret": secret})
    writers.delete(writer(), 1)
    server.put(BUCKET, "tracks/a.webm")
    assert backend.delete(build_location(on_delete="force")) == "deleted"


def test_every_call_has_our_timeouts(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the SDK asks for its own minute, and where a token is fetched."""
    timeouts: set[Any] = set()
    send = HTTPAdapter.send

    def record_timeout(*args: Any, **named: Any) -> Any:
        timeouts.add(named["timeout"])
        return send(*args, **named)

    monkeypatch.setattr(HTTPAdapter, "send", record_timeout)
    locations("gcs").update(build_location(retention_days=3))
    writers_of("gcs").restore(writer(), 1)
    GcsWriteProbe().check(config(secret), None)
    assert timeouts == {(10, 30)}


def test_the_sdk_makes_no_call_in_the_background(server: GcsServer, client: StorageClient) -> None:
    """Since 3.17 it would read each bucket for its traces, which a writer may not even do."""
    locations("gcs").create(build_location())
    server.calls.clear()
    client.call(OPERATION, lambda sdk: list(sdk.list_blobs(BUCKET, retry=None)))
    assert server.calls == ["POST /token", f"GET /storage/v1/b/{BUCKET}/o"]
    (sdk_client,) = {client.call(OPERATION, lambda sdk: sdk)}
    assert sdk_client._bucket_metadata_cache is None


def test_a_refusal_quotes_google_and_not_the_sdk(server: GcsServer, client: StorageClient) -> None:
    """The SDK's text begins with the whole address."""
    server.iam.denied.add("storage.buckets.list")
    with pytest.raises(StorageCredentialError) as caught:
        client.call(OPERATION, lambda sdk: list(sdk.list_buckets(project=PROJECT, retry=None)))
    assert "Google answered buckets.get with " in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    assert "?" not in str(caught.value)


def test_a_tolerated_status_is_returned_as_googles_answer(client: StorageClient) -> None:
    """With its text, for those whom it tells why."""
    answer = client.try_call(OPERATION, read_bucket, 404)
    assert isinstance(answer, ApiResponse)
    assert (answer.status, answer.message) == (404, "The specified bucket does not exist.")
