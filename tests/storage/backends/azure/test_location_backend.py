"""Azure's containers, and the administrator's credentials."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.progress import reporting_progress
from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure.client import (
    build_administrator_context,
    create_account_client,
)
from realtimekit_provider.storage.backends.azure.write_probe import AzureWriteProbe
from tests.fakes import FakeReporter
from tests.storage.backends.azure.azure_setup import (
    build_location,
    config,
    names_in,
    policies_of,
    writer,
)
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.azurite import (
    Azurite,
)


def test_a_container_lives_from_create_to_delete(admin: Any, name: str) -> None:
    backend = locations("azure")
    assert backend.read(build_location(name)) is None
    backend.create(build_location(name))
    backend.create(build_location(name))
    assert backend.read(build_location(name)) == build_location(name)
    assert admin.get_container_client(name).get_container_properties().public_access is None
    assert backend.delete(build_location(name)) == "deleted"
    assert backend.delete(build_location(name)) == "deleted"
    assert backend.read(build_location(name)) is None


@pytest.mark.parametrize("how", ["container", "blob"])
@pytest.mark.parametrize("fix", ["create", "update"])
def test_a_container_that_somebody_opened_is_closed_again(
    admin: Any, name: str, how: str, fix: str
) -> None:
    locations("azure").create(build_location(name))
    writers_of("azure").create(writer(name), 1)
    container = admin.get_container_client(name)
    policies = {
        each.id: each.access_policy
        for each in container.get_container_access_policy()["signed_identifiers"]
    }
    container.set_container_access_policy(policies, public_access=how)
    found = locations("azure").read(build_location(name))
    assert found == build_location(name).model_copy(update={"public_access": "open"})
    getattr(locations("azure"), fix)(build_location(name))
    assert locations("azure").read(build_location(name)) == build_location(name)
    assert list(policies_of(admin, name)) == ["rtk-rk0123456789-g1"]


def test_somebodys_container_with_blobs_is_not_taken_over(admin: Any, name: str) -> None:
    """Nor is it changed: its blobs would be at the mercy of ``on_delete``."""
    container = admin.create_container(name, public_access="container")
    container.upload_blob("foreign.txt", b"")
    with pytest.raises(StorageConflictError, match="nothing says that this stack made it"):
        locations("azure").create(build_location(name, on_delete="force"))
    assert container.get_container_properties().public_access == "container"


def test_a_container_that_was_kept_is_taken_over(admin: Any, name: str) -> None:
    """With what it holds."""
    locations("azure").create(build_location(name))
    admin.get_container_client(name).upload_blob("tracks/a.webm", b"webm")
    assert locations("azure").delete(build_location(name)) == "kept"
    locations("azure").create(build_location(name))
    assert names_in(admin, name) == ["tracks/a.webm"]


def test_update_does_not_make_what_is_gone(admin: Any, name: str) -> None:
    with pytest.raises(StorageNotFoundError, match=rf"{name} \(.* does not exist any more"):
        locations("azure").update(build_location(name))


@pytest.mark.parametrize("on_delete", ["keep", "fail", "force"])
def test_an_existing_container_is_never_touched(admin: Any, name: str, on_delete: str) -> None:
    foreign = build_location(name, existing=True, on_delete=on_delete)
    with pytest.raises(StorageNotFoundError, match="declared as existing"):
        locations("azure").create(foreign)
    container = admin.create_container(name, public_access="container")
    container.upload_blob("foreign.txt", b"")
    locations("azure").create(foreign)
    locations("azure").update(foreign)
    assert locations("azure").delete(foreign) == "left"
    assert container.get_container_properties().public_access == "container"
    assert names_in(admin, name) == ["foreign.txt"]


@pytest.fixture
def filled(admin: Any, name: str) -> Any:
    locations("azure").create(build_location(name))
    admin.get_container_client(name).upload_blob("tracks/a.webm", b"webm")
    return admin


def test_keep_leaves_a_container_that_holds_blobs(filled: Any, name: str) -> None:
    assert locations("azure").delete(build_location(name)) == "kept"
    assert names_in(filled, name) == ["tracks/a.webm"]


def test_fail_says_what_is_in_the_way(filled: Any, name: str) -> None:
    with pytest.raises(StorageNotEmptyError, match=r"such as 'tracks/a\.webm', and on_delete is"):
        locations("azure").delete(build_location(name, on_delete="fail"))
    assert names_in(filled, name) == ["tracks/a.webm"]


def test_force_deletes_the_container_with_its_blobs(filled: Any, name: str) -> None:
    assert locations("azure").delete(build_location(name, on_delete="force")) == "deleted"
    assert locations("azure").read(build_location(name)) is None


def test_an_upload_under_way_keeps_a_container(admin: Any, name: str) -> None:
    locations("azure").create(build_location(name))
    admin.get_blob_client(name, "tracks/a.webm").stage_block("YQ==", b"webm")
    assert locations("azure").delete(build_location(name)) == "kept"


def test_a_proof_does_not_keep_a_container(admin: Any, name: str) -> None:
    locations("azure").create(build_location(name))
    AzureWriteProbe().check(
        config(name, writers_of("azure").create(writer(name), 1)["access_key"]), None
    )
    assert locations("azure").delete(build_location(name, on_delete="fail")) == "deleted"


def test_a_container_that_azure_still_deletes_is_waited_for(
    azurite: Azurite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azure.core.exceptions import ResourceExistsError  # noqa: PLC0415
    from azure.storage.blob import ContainerClient  # noqa: PLC0415

    honest, early = ContainerClient.create_container, [1, 2]

    def slow(self: Any, **given: Any) -> Any:
        if not early:
            return honest(self, **given)
        early.pop()
        error: Any = ResourceExistsError("being deleted")
        error.error_code = "ContainerBeingDeleted"
        raise error

    monkeypatch.setattr(ContainerClient, "create_container", slow)
    reporter = FakeReporter()
    with reporting_progress(reporter):
        locations("azure").create(build_location(name))
    assert len(reporter.waits) == 2
    assert reporter.waits[0].endswith("/60 s: Azure is still deleting a container of this name")
    assert locations("azure").read(build_location(name)) == build_location(name)
    early.extend(range(1000))
    monkeypatch.setattr(
        "realtimekit_provider.storage.backends.azure.location_backend._DELETION_TIMEOUT", 0.1
    )
    with pytest.raises(StorageUnreachableError, match="still deleting a container of this name"):
        locations("azure").create(build_location(name))


def test_without_credentials_the_text_says_what_to_set(
    azurite: Azurite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")
    with pytest.raises(StorageCredentialError, match="Set AZURE_STORAGE_CONNECTION_STRING, or"):
        locations("azure").create(build_location(name))


def test_credentials_of_another_account_are_refused(
    azurite: Azurite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = azurite.connection_string(azurite.other_account)
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", other)
    with pytest.raises(StorageCredentialError, match="another storage account, acmeothers"):
        locations("azure").create(build_location(name))


def test_account_and_key_make_the_public_clouds_address(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING", raising=False)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT", "acmerecordings")
    monkeypatch.setenv("AZURE_STORAGE_KEY", "Q0FOQVJZ")
    context = build_administrator_context("acmerecordings", name)
    with create_account_client("acmerecordings", context) as client:
        assert client.url == "https://acmerecordings.blob.core.windows.net/"


def test_a_wrong_account_key_is_refused(
    azurite: Azurite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = azurite.connection_string(key="Q0FOQVJZLXdyb25nLWtleQ==")
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", wrong)
    with pytest.raises(StorageCredentialError) as caught:
        locations("azure").create(build_location(name))
    about = f"The container {name} (azure, account acmerecordings)"
    assert str(caught.value).startswith(f"{about}: Azure answered Create Container with ")
    assert "the administrator's credentials are wrong" in str(caught.value)
    assert "Q0FOQVJZ" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "nonsense", "AccountName=acmerecordings;AccountKey"])
def test_a_connection_string_that_is_none_is_refused(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT", raising=False)
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", text)
    with pytest.raises(StorageCredentialError, match="Set AZURE_STORAGE_CONNECTION_STRING"):
        locations("azure").create(build_location(name))
