"""Whether a key of a service account can write, and the SDK that it needs."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest
from pydantic import SecretStr

from realtimekit_provider.api.models.storage_config import GcsStorageConfig
from realtimekit_provider.errors import (
    MissingSdkError,
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.gcs.write_probe import GcsWriteProbe
from tests.storage.backends.gcs.gcs_setup import BUCKET, build_location, config, meddle
from tests.storage.locations import locations
from tools.test_servers.gcs_server import PROJECT, GcsServer, gcs_server


def refusal(prove: GcsStorageConfig) -> tuple[type[Exception], str]:
    with pytest.raises(StorageError) as caught:
        GcsWriteProbe().check(prove, None)
    text = str(caught.value) + repr(caught.value)
    assert "CANARY" not in text
    assert "PRIVATE KEY" not in text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return type(caught.value), str(caught.value)


def test_the_proof_leaves_nothing_behind(server: GcsServer, secret: str) -> None:
    GcsWriteProbe().check(config(secret), None)
    assert server.objects(BUCKET) == set()
    assert server.unfinished_uploads() == set()


def test_a_path_outside_the_prefix_is_refused(server: GcsServer, secret: str) -> None:
    kind, text = refusal(config(secret, path="elsewhere"))
    assert kind is StorageCredentialError
    assert text.startswith(f"The path elsewhere/ in the bucket {BUCKET} (gcs, EU): ")
    assert "lack storage.objects.create. Grant it on the objects below elsewhere/" in text


@pytest.mark.parametrize("how", ["account", "key", "disabled"])
def test_a_credential_that_is_gone_is_refused(server: GcsServer, secret: str, how: str) -> None:
    meddle(server, how, secret)
    kind, text = refusal(config(secret))
    assert kind is StorageCredentialError
    assert "create another key" in text or "lack storage.objects.create" in text


def test_a_key_of_another_account_is_refused(server: GcsServer, secret: str) -> None:
    stranger = server.iam.create({"accountId": "stranger"})
    account = server.iam.account(stranger["email"])
    own = json.loads(server.iam.new_key(account, server.token_uri))
    key = {**json.loads(secret), "private_key": own["private_key"]}
    kind, text = refusal(config(json.dumps(key)))
    assert kind is StorageCredentialError
    assert "Invalid JWT Signature" in text or "invalid_grant" in text


def test_a_key_that_is_no_key_is_refused(server: GcsServer, secret: str) -> None:
    """One that an earlier release accepted, since today's check refuses it."""
    damaged = SecretStr(json.dumps({**json.loads(secret), "private_key": "CANARY"}))
    kind, text = refusal(config(secret).model_copy(update={"secret": damaged}))
    assert kind is StorageCredentialError
    assert "cannot be read" in text


def test_a_bucket_that_is_not_there_is_missing(server: GcsServer, secret: str) -> None:
    with gcs_server() as empty:
        empty.iam.create({"accountId": "stranger"})
        account = empty.iam.account(f"stranger@{PROJECT}.iam.gserviceaccount.com")
        binding = {
            "role": "roles/storage.objectCreator",
            "members": [f"serviceAccount:{account.email}"],
        }
        empty.iam.policies[BUCKET] = {"version": 3, "etag": "e1", "bindings": [binding]}
        text = json.loads(empty.iam.new_key(account, empty.token_uri))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("STORAGE_EMULATOR_HOST", empty.url)
            kind, text = refusal(config(json.dumps(text)))
    assert kind is StorageNotFoundError
    assert f"the bucket {BUCKET} (gcs, EU)" in text


def test_a_storage_that_does_not_listen_is_unreachable(
    server: GcsServer, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"127.0.0.1:{listener.getsockname()[1]}")
        kind, text = refusal(config(secret))
    assert kind is StorageUnreachableError
    assert "no answer from Google" in text
    assert "ConnectionRefusedError" in text


def test_importing_loads_no_sdk() -> None:
    program = (
        "import sys, realtimekit_provider.storage.backends.gcs.location_backend;"
        "print([m for m in sys.modules if m.startswith(('google.auth', 'google.cloud', 'boto3'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_a_missing_sdk_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.auth.transport.requests", None)
    with pytest.raises(MissingSdkError, match=r"pip install 'realtimekit-provider\[gcs\]"):
        locations("gcs").read(build_location())
