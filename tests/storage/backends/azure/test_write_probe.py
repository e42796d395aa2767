"""Whether a connection string can write, and the SDK that it needs."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import Any

import pytest

from realtimekit_provider.errors import (
    MissingSdkError,
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure.write_probe import AzureWriteProbe
from tests.storage.backends.azure.azure_setup import (
    build_location,
    config,
    meddle,
    policies_of,
    refusal,
)
from tests.storage.locations import locations
from tools.test_servers.azurite import (
    Azurite,
)


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
    with pytest.raises(MissingSdkError, match=r"pip install 'realtimekit-provider\[azure\]"):
        locations("azure").read(build_location(name))
