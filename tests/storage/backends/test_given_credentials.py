"""A given credential that is refused is sent once: servers lock out who is refused often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import asyncssh
import pytest

from realtimekit_provider.errors import StorageCredentialError, StorageError, StorageSettingsError
from realtimekit_provider.storage.backends.registry import check_write_access
from realtimekit_provider.storage.gate.inputs import GateInputs, parse_storage_config
from realtimekit_provider.storage.gate.verify import verify_write_access
from tests.storage.backends.refusing_server import (
    Refusal,
    azure_refusal,
    point_to,
    refusing_server,
    s3_refusal,
)
from tests.storage.gate.fake_gate import FakeGate
from tools.test_servers.sftp_server import SftpServer, sftp_server

INVALID_GRANT = Refusal(
    400,
    '{"error": "invalid_grant", "error_description": "Invalid grant: account not found"}',
    {"Content-Type": "application/json"},
)


def verify(config: Mapping[str, Any], **gate: Any) -> StorageError:
    """Return what the gate raises, which has waited for nothing."""
    fake = FakeGate()
    ports = replace(fake.ports, check_write_access=check_write_access)
    with pytest.raises(StorageError) as caught:
        verify_write_access(parse_storage_config(config), GateInputs(**gate), ports)
    assert fake.waited == 0
    return caught.value


@pytest.mark.parametrize(
    ("storage_type", "refusal", "error", "text"),
    [
        ("aws", s3_refusal("SignatureDoesNotMatch"), StorageCredentialError, "the secret is not"),
        ("aws", s3_refusal("InvalidAccessKeyId"), StorageCredentialError, "it does not know"),
        ("aws", s3_refusal("PermanentRedirect", status=301), StorageSettingsError, "in us-west-2"),
        ("digitalocean", s3_refusal("SignatureDoesNotMatch"), StorageCredentialError, "the secret"),
        ("azure", azure_refusal("AuthenticationFailed"), StorageCredentialError, "are wrong"),
        ("azure", azure_refusal("AuthorizationFailure"), StorageCredentialError, "firewall"),
        ("gcs", INVALID_GRANT, StorageCredentialError, "deleted or disabled"),
    ],
)
def test_a_cloud_is_asked_once_with_a_refused_credential(
    monkeypatch: pytest.MonkeyPatch,
    storage_type: str,
    refusal: Refusal,
    error: type[StorageError],
    text: str,
) -> None:
    """A wrong secret, a wrong region, a deleted account; the sentence says which."""
    with refusing_server(refusal) as server:
        caught = verify(point_to(storage_type, server.url, monkeypatch))
    assert type(caught) is error
    assert text in str(caught)
    assert len(server.requests) == 1, server.requests


def login(server: SftpServer, **changed: Any) -> dict[str, Any]:
    return {**server.as_config("recordings"), **changed}


def test_a_server_sees_one_login_with_a_wrong_password_or_key(tmp_path: Any) -> None:
    """Nor is a password tried again as an answer to a question."""
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    by_key = {"auth_method": "KEY", "password": None, "private_key": other}
    for wrong in ({"password": "CANARY-wrong"}, by_key):
        with sftp_server(tmp_path) as server:
            caught = verify(login(server, **wrong), host_key=server.host_key)
        assert "the server refused the login" in str(caught)
        assert server.logins == ["refused"]


def test_a_server_sees_no_login_with_a_key_that_does_not_open(tmp_path: Any) -> None:
    with sftp_server(tmp_path) as server:
        locked = {"private_key": server.encrypted_private_key, "password": "CANARY-wrong"}
        caught = verify(login(server, auth_method="KEY", **locked), host_key=server.host_key)
    assert "passphrase" in str(caught)
    assert server.logins == []
