"""Whether a login can write in its folder."""

from __future__ import annotations

import socket
import time
from typing import Any

import asyncssh
import pytest

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.sftp.write_probe import SftpWriteProbe
from tests.closed_port import reserve_closed_port
from tests.storage.backends.sftp.sftp_setup import config, refusal
from tools.test_servers.sftp_server import SftpServer


def logins(server: SftpServer) -> list[tuple[str, dict[str, Any]]]:
    by_key: dict[str, Any] = {"auth_method": "KEY", "password": None}
    return [
        ("password", {}),
        ("key", {**by_key, "private_key": server.private_key}),
        (
            "key",
            {**by_key, "private_key": server.encrypted_private_key, "password": server.passphrase},
        ),
    ]


@pytest.mark.parametrize("which", [0, 1, 2], ids=["password", "key", "key and passphrase"])
def test_the_proof_leaves_nothing_behind(server: SftpServer, which: int) -> None:
    method, credential = logins(server)[which]
    (server.root / "recordings").mkdir()
    SftpWriteProbe().check(config(server, **credential), server.host_key)
    assert list((server.root / "recordings").iterdir()) == []
    assert set(server.logins) == {method}


def test_a_wrong_password_is_refused(server: SftpServer) -> None:
    kind, text = refusal(config(server, password="CANARY-wrong"), server.host_key)
    assert kind is StorageCredentialError
    about = f"The folder recordings (sftp, recorder@127.0.0.1:{server.port})"
    assert text.startswith(f"{about}: the server refused the login with this password.")
    assert server.logins == ["refused"]


def test_a_password_that_was_changed_is_refused(server: SftpServer) -> None:
    declared = config(server)
    (server.root / "recordings").mkdir()
    SftpWriteProbe().check(declared, server.host_key)
    server.password = "CANARY-changed"
    assert refusal(declared, server.host_key)[0] is StorageCredentialError


def test_another_key_is_refused(server: SftpServer) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    declared = config(server, auth_method="KEY", password=None, private_key=other)
    kind, text = refusal(declared, server.host_key)
    assert kind is StorageCredentialError
    assert "Check the user name and the private key" in text
    assert other.splitlines()[2] not in text


def test_a_key_that_does_not_open_asks_for_its_passphrase(server: SftpServer) -> None:
    declared = config(
        server,
        auth_method="KEY",
        password="CANARY-wrong",
        private_key=server.encrypted_private_key,
    )
    kind, text = refusal(declared, server.host_key)
    assert kind is StorageCredentialError
    assert "passphrase" in text
    assert server.logins == []


def test_another_host_key_is_never_talked_to(server: SftpServer) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    kind, text = refusal(config(server), other)
    assert kind is StorageUnreachableError
    assert "showed a host key other than the declared one" in text
    assert server.logins == []


def test_a_host_key_of_a_type_that_the_server_lacks_says_so(server: SftpServer) -> None:
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode()
    kind, text = refusal(config(server), other.strip())
    assert kind is StorageUnreachableError
    assert "host key of type ecdsa-sha2-nistp256" in text
    assert server.logins == []


@pytest.mark.parametrize("host_key", [None, "", "ssh-ed25519 " + "A" * 68])
def test_without_a_host_key_nothing_is_sent(server: SftpServer, host_key: str | None) -> None:
    kind, text = refusal(config(server), host_key)
    assert kind is StorageSettingsError
    assert "ssh-keyscan -p" in text
    assert server.logins == []


def test_a_folder_that_is_not_there_is_missing(server: SftpServer) -> None:
    kind, text = refusal(config(server), server.host_key)
    assert kind is StorageNotFoundError
    assert text.startswith("The folder recordings (sftp, ")


def test_a_login_that_may_not_write_is_refused(server: SftpServer) -> None:
    (server.root / "recordings").mkdir()
    server.read_only = True
    kind, text = refusal(config(server), server.host_key)
    assert kind is StorageCredentialError
    assert "the user may not write a file in it" in text


def test_a_server_that_does_not_listen_is_unreachable(server: SftpServer) -> None:
    with reserve_closed_port() as port:
        kind, text = refusal(config(server, port=port), server.host_key)
    assert kind is StorageUnreachableError
    assert "Check host, port and firewall" in text


def test_a_server_that_never_answers_ends_in_time(
    server: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtimekit_provider.storage.backends.sftp.session._LOGIN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        declared = config(server, port=silent.getsockname()[1])
        assert refusal(declared, server.host_key)[0] is StorageUnreachableError
    assert time.monotonic() - began < 5
