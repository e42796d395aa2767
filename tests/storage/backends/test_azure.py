"""Azure's containers, the signatures that write to them, and the proof that they can."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import AccessPolicy, BlobServiceClient

from realtimekit_provider.api.models.storage_config import AzureStorageConfig
from realtimekit_provider.errors import (
    MissingSdkError,
    StorageConflictError,
    StorageCredentialError,
    StorageError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure import access_policies, location_backend
from realtimekit_provider.storage.backends.azure.client import (
    build_administrator_context,
    create_account_client,
)
from realtimekit_provider.storage.backends.azure.location_backend import AzureLocationBackend
from realtimekit_provider.storage.backends.azure.models import AzureLocation, AzureWriter
from realtimekit_provider.storage.backends.azure.write_probe import AzureWriteProbe
from realtimekit_provider.storage.backends.azure.writer_backend import AzureWriterBackend
from tools.test_servers.azurite import (
    AZURITE_IS_MISSING,
    Azurite,
    azurite_server,
    find_azurite,
)


@pytest.fixture(scope="module")
def running() -> Iterator[Azurite]:
    if find_azurite() is None:
        pytest.skip(AZURITE_IS_MISSING)
    with azurite_server() as server:
        yield server


@pytest.fixture
def azurite(running: Azurite, monkeypatch: pytest.MonkeyPatch) -> Azurite:
    for name in ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    for module in (location_backend, access_policies):
        monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.05)
    return running


@pytest.fixture
def name() -> str:
    """A container of the test's own."""
    return f"acme-{secrets.token_hex(6)}"


@pytest.fixture
def admin(azurite: Azurite) -> Iterator[Any]:
    with azurite.client() as client:
        yield client


def build_location(name: str, **changed: Any) -> AzureLocation:
    return AzureLocation(**{"account": "acmerecordings", "container": name, **changed})


def writer(name: str, **changed: Any) -> AzureWriter:
    declared = {
        "name": "archive",
        "mark": "rk0123456789",
        "container": name,
        "account": "acmerecordings",
    }
    return AzureWriter(**{**declared, **changed})


def config(name: str, access_key: str) -> AzureStorageConfig:
    given: Any = {"type": "azure", "access_key": access_key, "bucket": name, "path": "tracks"}
    return AzureStorageConfig(**given)


def names_in(admin: Any, name: str) -> list[str]:
    return [blob.name for blob in admin.get_container_client(name).list_blobs()]


def test_a_container_lives_from_create_to_delete(admin: Any, name: str) -> None:
    backend = AzureLocationBackend()
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
    AzureLocationBackend().create(build_location(name))
    AzureWriterBackend().create(writer(name), 1)
    container = admin.get_container_client(name)
    policies = {
        each.id: each.access_policy
        for each in container.get_container_access_policy()["signed_identifiers"]
    }
    container.set_container_access_policy(policies, public_access=how)
    found = AzureLocationBackend().read(build_location(name))
    assert found == build_location(name).model_copy(update={"public_access": "open"})
    getattr(AzureLocationBackend(), fix)(build_location(name))
    assert AzureLocationBackend().read(build_location(name)) == build_location(name)
    assert list(policies_of(admin, name)) == ["rtk-rk0123456789-g1"]


def test_somebodys_container_with_blobs_is_not_taken_over(admin: Any, name: str) -> None:
    """Nor is it changed: its blobs would be at the mercy of ``on_delete``."""
    container = admin.create_container(name, public_access="container")
    container.upload_blob("theirs.txt", b"")
    with pytest.raises(StorageConflictError, match="nothing says that this project made it"):
        AzureLocationBackend().create(build_location(name, on_delete="force"))
    assert container.get_container_properties().public_access == "container"


def test_an_empty_container_and_one_of_ours_are_taken_over(admin: Any, name: str) -> None:
    """An interrupted run has left the one, and ``keep`` the other."""
    admin.create_container(f"{name}-empty", public_access="container")
    AzureLocationBackend().create(build_location(f"{name}-empty"))
    assert AzureLocationBackend().read(build_location(f"{name}-empty")) == build_location(
        f"{name}-empty"
    )
    AzureLocationBackend().create(build_location(name))
    admin.get_container_client(name).upload_blob("tracks/a.webm", b"webm")
    assert AzureLocationBackend().delete(build_location(name)) == "kept"
    AzureLocationBackend().create(build_location(name))
    assert names_in(admin, name) == ["tracks/a.webm"]


def test_update_does_not_make_what_is_gone(admin: Any, name: str) -> None:
    with pytest.raises(StorageNotFoundError, match=rf"{name} \(.* does not exist any more"):
        AzureLocationBackend().update(build_location(name))


@pytest.mark.parametrize("on_delete", ["keep", "fail", "force"])
def test_an_existing_container_is_never_touched(admin: Any, name: str, on_delete: str) -> None:
    foreign = build_location(name, existing=True, on_delete=on_delete)
    with pytest.raises(StorageNotFoundError, match="declared as existing"):
        AzureLocationBackend().create(foreign)
    container = admin.create_container(name, public_access="container")
    container.upload_blob("theirs.txt", b"")
    AzureLocationBackend().create(foreign)
    AzureLocationBackend().update(foreign)
    assert AzureLocationBackend().delete(foreign) == "kept"
    assert container.get_container_properties().public_access == "container"
    assert names_in(admin, name) == ["theirs.txt"]


@pytest.fixture
def filled(admin: Any, name: str) -> Any:
    AzureLocationBackend().create(build_location(name))
    admin.get_container_client(name).upload_blob("tracks/a.webm", b"webm")
    return admin


def test_keep_leaves_a_container_that_holds_blobs(filled: Any, name: str) -> None:
    assert AzureLocationBackend().delete(build_location(name)) == "kept"
    assert names_in(filled, name) == ["tracks/a.webm"]


def test_fail_says_what_is_in_the_way(filled: Any, name: str) -> None:
    with pytest.raises(StorageNotEmptyError, match=r"such as 'tracks/a\.webm', and on_delete is"):
        AzureLocationBackend().delete(build_location(name, on_delete="fail"))
    assert names_in(filled, name) == ["tracks/a.webm"]


def test_force_deletes_the_container_with_its_blobs(filled: Any, name: str) -> None:
    assert AzureLocationBackend().delete(build_location(name, on_delete="force")) == "deleted"
    assert AzureLocationBackend().read(build_location(name)) is None


def test_an_upload_under_way_keeps_a_container(admin: Any, name: str) -> None:
    AzureLocationBackend().create(build_location(name))
    admin.get_blob_client(name, "tracks/a.webm").stage_block("YQ==", b"webm")
    assert AzureLocationBackend().delete(build_location(name)) == "kept"


def test_a_proof_does_not_keep_a_container(admin: Any, name: str) -> None:
    AzureLocationBackend().create(build_location(name))
    AzureWriteProbe().check(
        config(name, AzureWriterBackend().create(writer(name), 1)["access_key"]), None
    )
    assert AzureLocationBackend().delete(build_location(name, on_delete="fail")) == "deleted"


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
    AzureLocationBackend().create(build_location(name))
    assert AzureLocationBackend().read(build_location(name)) == build_location(name)
    early.extend(range(1000))
    monkeypatch.setattr(
        "realtimekit_provider.storage.backends.azure.location_backend._DELETION_TIMEOUT", 0.1
    )
    with pytest.raises(StorageUnreachableError, match="still deleting a container of this name"):
        AzureLocationBackend().create(build_location(name))


# The administrator's credentials


def test_without_credentials_the_text_says_what_to_set(
    azurite: Azurite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")
    with pytest.raises(StorageCredentialError, match="Set AZURE_STORAGE_CONNECTION_STRING, or"):
        AzureLocationBackend().create(build_location(name))


def test_credentials_of_another_account_are_refused(
    azurite: Azurite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = azurite.connection_string(azurite.other_account)
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", other)
    with pytest.raises(StorageCredentialError, match="another storage account, acmeothers"):
        AzureLocationBackend().create(build_location(name))


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
        AzureLocationBackend().create(build_location(name))
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
        AzureLocationBackend().create(build_location(name))


# The writers


def policies_of(admin: Any, name: str) -> dict[str, Any]:
    found = admin.get_container_client(name).get_container_access_policy()
    return {each.id: each.access_policy for each in found["signed_identifiers"] or []}


@pytest.fixture
def access_key(azurite: Azurite, name: str) -> str:
    AzureLocationBackend().create(build_location(name))
    return AzureWriterBackend().create(writer(name), 1)["access_key"]


def test_the_connection_string_can_write_and_nothing_else(
    admin: Any, name: str, access_key: str
) -> None:
    other = f"{name}-other"
    AzureLocationBackend().create(build_location(other))
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
    made = AzureWriterBackend().create(writer(name), 3)["access_key"]
    assert made.startswith(
        "BlobEndpoint=https://acmerecordings.blob.core.windows.net;SharedAccessSignature="
    )
    assert "spr=https" in made


def test_a_writer_of_an_interrupted_run_is_taken_over(name: str, access_key: str) -> None:
    assert AzureWriterBackend().create(writer(name), 1)["access_key"] == access_key


def meddle(admin: Any, name: str, how: str) -> None:
    container = admin.get_container_client(name)
    policies = policies_of(admin, name)
    soon = datetime.now(timezone.utc) + timedelta(days=1)
    policy = policies["rtk-rk0123456789-g1"]
    if how == "policy":
        policies.pop("rtk-rk0123456789-g1")
    elif how == "rights":
        policy.permission = "rcwd"
    elif how == "expired":
        policy.expiry = soon - timedelta(days=2)
    container.set_container_access_policy(policies)
    if how == "container":
        container.delete_container()


@pytest.mark.parametrize("how", ["policy", "rights", "expired", "container"])
def test_a_change_of_a_writer_by_somebody_else_is_seen_and_undone(
    admin: Any, name: str, access_key: str, how: str
) -> None:
    credential = {"access_key": access_key}
    assert AzureWriterBackend().is_in_sync(writer(name), 1, credential)
    meddle(admin, name, how)
    assert not AzureWriterBackend().is_in_sync(writer(name), 1, credential)
    if how == "container":
        with pytest.raises(StorageNotFoundError):
            AzureWriterBackend().restore(writer(name), 1)
        return
    AzureWriterBackend().restore(writer(name), 1)
    assert AzureWriterBackend().is_in_sync(writer(name), 1, credential)
    AzureWriteProbe().check(config(name, access_key), None)


@pytest.mark.parametrize("days", [30, 730])
def test_restore_renews_the_expiry_under_the_same_signature(
    admin: Any, name: str, access_key: str, days: int
) -> None:
    """Longer or shorter, from now on."""
    AzureWriterBackend().restore(writer(name, valid_days=days), 1)
    (policy,) = policies_of(admin, name).values()
    left = datetime.fromisoformat(policy.expiry[:19] + "+00:00") - datetime.now(timezone.utc)
    assert timedelta(days=days - 1) < left <= timedelta(days=days)
    AzureWriteProbe().check(config(name, access_key), None)


def test_a_signature_by_a_key_that_was_rotated_is_not_intact(
    azurite: Azurite, name: str, access_key: str
) -> None:
    forged = access_key.replace("sig=", "sig=AAAA")
    assert not AzureWriterBackend().is_in_sync(writer(name), 1, {"access_key": forged})


def test_generations_live_side_by_side_and_go_one_by_one(
    admin: Any, name: str, access_key: str
) -> None:
    second = AzureWriterBackend().create(writer(name), 2)["access_key"]
    AzureWriteProbe().check(config(name, access_key), None)
    AzureWriterBackend().delete(writer(name), 1)
    AzureWriterBackend().delete(writer(name), 1)
    assert list(policies_of(admin, name)) == ["rtk-rk0123456789-g2"]
    assert refusal(config(name, access_key))[0] is StorageCredentialError
    AzureWriteProbe().check(config(name, second), None)


def test_delete_works_without_the_container(name: str, access_key: str) -> None:
    AzureLocationBackend().delete(build_location(name))
    AzureWriterBackend().delete(writer(name), 1)


def test_other_peoples_policies_survive_and_azures_limit_is_told(admin: Any, name: str) -> None:
    AzureLocationBackend().create(build_location(name))
    expiry = datetime.now(timezone.utc) + timedelta(days=9)
    foreign = {f"foreign-{n}": AccessPolicy(permission="r", expiry=expiry) for n in range(4)}
    admin.get_container_client(name).set_container_access_policy(foreign)
    AzureWriterBackend().create(writer(name), 1)
    AzureWriterBackend().restore(writer(name), 1)
    assert set(policies_of(admin, name)) == {*foreign, "rtk-rk0123456789-g1"}
    with pytest.raises(StorageConflictError, match="5 stored access policies already"):
        AzureWriterBackend().create(writer(name), 2)
    AzureWriterBackend().delete(writer(name), 1)
    assert set(policies_of(admin, name)) == set(foreign)


def test_writers_that_are_made_at_once_do_not_undo_each_other(admin: Any, name: str) -> None:
    AzureLocationBackend().create(build_location(name))
    failures: list[BaseException] = []

    def make(number: int) -> None:
        try:
            AzureWriterBackend().create(writer(name, mark=f"rk{number}"), 1)
        except BaseException as error:  # noqa: BLE001 - text below
            failures.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert set(policies_of(admin, name)) == {f"rtk-rk{number}-g1" for number in range(4)}


def test_a_container_that_somebody_leases_is_told(
    admin: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    AzureLocationBackend().create(build_location(name))
    lease = admin.get_container_client(name).acquire_lease(-1)
    monkeypatch.setattr(
        "realtimekit_provider.storage.backends.azure.access_policies._LEASE_TIMEOUT", 0.1
    )
    with pytest.raises(StorageUnreachableError, match="is leased by somebody else"):
        AzureWriterBackend().create(writer(name), 1)
    lease.release()


# The probe


def refusal(prove: AzureStorageConfig) -> tuple[type[Exception], str]:
    with pytest.raises(StorageError) as caught:
        AzureWriteProbe().check(prove, None)
    text = str(caught.value) + repr(caught.value)
    assert "sig=" not in text
    assert "AccountKey" not in text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return type(caught.value), str(caught.value)


def test_the_proof_leaves_no_blob_behind(admin: Any, name: str, access_key: str) -> None:
    AzureWriteProbe().check(config(name, access_key), None)
    AzureWriteProbe().check(config(name, access_key), None)
    container = admin.get_container_client(name)
    assert list(container.list_blobs()) == []
    (under_way,) = container.list_blobs(include=["uncommittedblobs"])
    assert under_way.name == "tracks/.realtimekit-write-test"


def test_an_accounts_own_connection_string_is_proven_too(
    azurite: Azurite, name: str, access_key: str
) -> None:
    AzureWriteProbe().check(config(name, azurite.connection_string()), None)


def test_a_forged_signature_is_refused(name: str, access_key: str) -> None:
    kind, text = refusal(config(name, access_key.replace("sig=", "sig=AAAA")))
    assert kind is StorageCredentialError
    about = f"The path tracks/ in the container {name} (azure, account acmerecordings)"
    assert text.startswith(
        f"{about}: Azure answered Put Block with AuthorizationFailure (HTTP 403)"
    )
    assert "the credentials of the storage_config are wrong" in text


@pytest.mark.parametrize("how", ["policy", "expired"])
def test_a_signature_that_was_revoked_or_expired_is_refused(
    admin: Any, name: str, access_key: str, how: str
) -> None:
    meddle(admin, name, how)
    kind, text = refusal(config(name, access_key))
    assert kind is StorageCredentialError
    assert "(HTTP 403" in text


def test_a_signature_without_the_right_to_write_says_so(
    admin: Any, name: str, access_key: str
) -> None:
    policies = policies_of(admin, name)
    policies["rtk-rk0123456789-g1"].permission = "r"
    admin.get_container_client(name).set_container_access_policy(policies)
    kind, text = refusal(config(name, access_key))
    assert kind is StorageCredentialError
    assert "lack the right to create and write (sp=cw in a SAS). Grant it on" in text


def test_a_container_that_is_not_there_is_missing(azurite: Azurite, name: str) -> None:
    kind, text = refusal(config(name, azurite.connection_string()))
    assert kind is StorageNotFoundError
    assert f"the container {name} (" in text


def test_a_storage_that_does_not_listen_is_unreachable(name: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}/acmerecordings"
        given = f"BlobEndpoint={endpoint};SharedAccessSignature=si=rtk&sig=CANARY"
        kind, text = refusal(config(name, given))
    assert kind is StorageUnreachableError
    assert "no answer from Azure" in text
    assert "CANARY" not in text


def test_importing_loads_no_sdk() -> None:
    program = (
        "import sys, realtimekit_provider.storage.backends.azure.location_backend;"
        "print([m for m in sys.modules if m.startswith(('azure', 'google.auth', 'boto3'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_a_missing_sdk_names_the_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "azure.storage.blob", None)
    with pytest.raises(MissingSdkError, match=r"pip install 'realtimekit-provider\[azure\]'"):
        AzureLocationBackend().read(build_location(name))
