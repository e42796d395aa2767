"""Azure's writers: signatures, and the access policies that they name."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import AccessPolicy, BlobServiceClient

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure.write_probe import AzureWriteProbe
from tests.storage.backends.azure.azure_setup import (
    build_location,
    config,
    meddle,
    names_in,
    policies_of,
    refusal,
    writer,
)
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.azurite import (
    Azurite,
)


def test_the_connection_string_can_write_and_nothing_else(
    admin: Any, name: str, access_key: str
) -> None:
    other = f"{name}-other"
    locations("azure").create(build_location(other))
    with BlobServiceClient.from_connection_string(access_key, retry_total=0) as service:
        container: Any = service.get_container_client(name)
        container.upload_blob("tracks/a.webm", b"webm")
        denied = [
            lambda: container.download_blob("tracks/a.webm"),
            lambda: container.delete_blob("tracks/a.webm"),
            lambda: list(container.list_blobs()),
            container.get_container_properties,
            container.get_container_access_policy,
            lambda: container.set_container_access_policy({}),
            container.delete_container,
            lambda: service.create_container(f"{name}-third"),
            lambda: list(service.list_containers()),
            lambda: service.get_container_client(other).upload_blob("a.webm", b"webm"),
        ]
        for call in denied:
            with pytest.raises(HttpResponseError) as caught:
                call()
            assert caught.value.status_code == 403
    assert names_in(admin, name) == ["tracks/a.webm"]
    assert names_in(admin, other) == []


def test_the_policy_holds_rights_and_expiry_and_the_signature_names_it(
    admin: Any, name: str, access_key: str
) -> None:
    (policy,) = policies_of(admin, name).values()
    assert set(policy.permission) == {"c", "w"}
    left = datetime.fromisoformat(policy.expiry[:19] + "+00:00") - datetime.now(timezone.utc)
    assert timedelta(days=364) < left <= timedelta(days=365)
    assert access_key.startswith("BlobEndpoint=http://127.0.0.1:")
    assert "si=rtk-rk0123456789-g1" in access_key
    assert "AccountKey" not in access_key
    assert "se=" not in access_key


def test_against_azure_itself_the_signature_demands_tls(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING", raising=False)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT", "acmerecordings")
    monkeypatch.setenv("AZURE_STORAGE_KEY", "Q0FOQVJZ")
    monkeypatch.setattr(
        "realtimekit_provider.storage.backends.azure.access_policies.StoredPolicies.put",
        lambda *_: None,
    )
    made = writers_of("azure").create(writer(name), 3)["access_key"]
    assert made.startswith(
        "BlobEndpoint=https://acmerecordings.blob.core.windows.net;SharedAccessSignature="
    )
    assert "spr=https" in made


def test_a_writer_of_an_interrupted_run_is_taken_over(name: str, access_key: str) -> None:
    assert writers_of("azure").create(writer(name), 1)["access_key"] == access_key


@pytest.mark.parametrize("how", ["policy", "rights", "expired", "container"])
def test_a_change_of_a_writer_by_somebody_else_is_seen_and_undone(
    admin: Any, name: str, access_key: str, how: str
) -> None:
    credential = {"access_key": access_key}
    assert writers_of("azure").is_in_sync(writer(name), 1, credential)
    meddle(admin, name, how)
    assert not writers_of("azure").is_in_sync(writer(name), 1, credential)
    if how == "container":
        with pytest.raises(StorageNotFoundError):
            writers_of("azure").restore(writer(name), 1)
        return
    writers_of("azure").restore(writer(name), 1)
    assert writers_of("azure").is_in_sync(writer(name), 1, credential)
    AzureWriteProbe().check(config(name, access_key), None)


@pytest.mark.parametrize("days", [30, 730])
def test_restore_renews_the_expiry_under_the_same_signature(
    admin: Any, name: str, access_key: str, days: int
) -> None:
    """Longer or shorter, from now on."""
    writers_of("azure").restore(writer(name, valid_days=days), 1)
    (policy,) = policies_of(admin, name).values()
    left = datetime.fromisoformat(policy.expiry[:19] + "+00:00") - datetime.now(timezone.utc)
    assert timedelta(days=days - 1) < left <= timedelta(days=days)
    AzureWriteProbe().check(config(name, access_key), None)


def test_a_signature_by_a_key_that_was_rotated_is_not_intact(
    azurite: Azurite, name: str, access_key: str
) -> None:
    forged = access_key.replace("sig=", "sig=AAAA")
    assert not writers_of("azure").is_in_sync(writer(name), 1, {"access_key": forged})


def test_generations_live_side_by_side_and_go_one_by_one(
    admin: Any, name: str, access_key: str
) -> None:
    second = writers_of("azure").create(writer(name), 2)["access_key"]
    AzureWriteProbe().check(config(name, access_key), None)
    writers_of("azure").delete(writer(name), 1)
    writers_of("azure").delete(writer(name), 1)
    assert list(policies_of(admin, name)) == ["rtk-rk0123456789-g2"]
    assert refusal(config(name, access_key))[0] is StorageCredentialError
    AzureWriteProbe().check(config(name, second), None)


def test_delete_works_without_the_container(name: str, access_key: str) -> None:
    locations("azure").delete(build_location(name))
    writers_of("azure").delete(writer(name), 1)


def test_other_peoples_policies_survive_and_azures_limit_is_reported(admin: Any, name: str) -> None:
    locations("azure").create(build_location(name))
    expiry = datetime.now(timezone.utc) + timedelta(days=9)
    foreign = {f"foreign-{n}": AccessPolicy(permission="r", expiry=expiry) for n in range(4)}
    admin.get_container_client(name).set_container_access_policy(foreign)
    writers_of("azure").create(writer(name), 1)
    writers_of("azure").restore(writer(name), 1)
    assert set(policies_of(admin, name)) == {*foreign, "rtk-rk0123456789-g1"}
    with pytest.raises(StorageConflictError, match="5 stored access policies already"):
        writers_of("azure").create(writer(name), 2)
    writers_of("azure").delete(writer(name), 1)
    assert set(policies_of(admin, name)) == set(foreign)


def test_writers_that_are_made_at_once_do_not_undo_each_other(admin: Any, name: str) -> None:
    locations("azure").create(build_location(name))
    failures: list[BaseException] = []

    def make(number: int) -> None:
        try:
            writers_of("azure").create(writer(name, mark=f"rk{number}"), 1)
        except BaseException as error:  # noqa: BLE001 - text below
            failures.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert set(policies_of(admin, name)) == {f"rtk-rk{number}-g1" for number in range(4)}


def test_a_container_that_somebody_leases_is_reported(
    admin: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    locations("azure").create(build_location(name))
    lease = admin.get_container_client(name).acquire_lease(-1)
    monkeypatch.setattr(
        "realtimekit_provider.storage.backends.azure.container_lease._LEASE_TIMEOUT", 0.1
    )
    with pytest.raises(StorageUnreachableError, match="is leased by somebody else"):
        writers_of("azure").create(writer(name), 1)
    lease.release()
