"""Uploads to SFTP servers, by password and by key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from realtimekit_emulator import EmulatorServer
from tests.emulator.uploads.upload_setup import (
    create_uploading_emulator,
    list_contacted_hosts,
    record,
    record_failure,
)
from tools.test_servers.sftp_server import SftpServer, sftp_server
from tools.webm_reader import read_title

FOLDER = "/recordings/today"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / FOLDER.strip("/")).mkdir(parents=True)
    with sftp_server(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorServer]:
    with create_uploading_emulator() as server:
        yield server


def create_locked_login(server: SftpServer, passphrase: str) -> dict[str, Any]:
    """Return a storage_config with an encrypted key, whose passphrase is the ``password``."""
    # Few rounds, because each costs time.
    key = server._user_key.export_private_key(
        passphrase=server.passphrase, rounds=1, ignore_few_rounds=True
    ).decode()
    return server.as_config(FOLDER, "KEY", private_key=key, password=passphrase)


@pytest.mark.parametrize("method", ["PASSWORD", "KEY"])
@pytest.mark.parametrize("path", [FOLDER, f"{FOLDER}/", "/", ""])
def test_the_file_is_written_into_the_folder(
    server: SftpServer, emulator: EmulatorServer, method: str, path: str
) -> None:
    recording = record(emulator, server.as_config(path, method))
    file = server.root / path.strip("/") / recording.file_name
    assert read_title(file.read_bytes()) == f"{recording.id}/default"
    assert set(server.logins) == {method.lower()}


def test_a_key_may_have_a_passphrase(server: SftpServer, emulator: EmulatorServer) -> None:
    record(emulator, create_locked_login(server, server.passphrase))
    assert set(server.logins) == {"key"}


def test_a_wrong_password_is_refused_once(server: SftpServer, emulator: EmulatorServer) -> None:
    storage = server.as_config(FOLDER, password="CANARY-wrong")
    assert record_failure(emulator, storage, "CANARY-wrong") == "the server refused the login"
    assert server.logins == ["refused"]


def test_a_wrong_key_is_refused_and_no_password_is_tried(
    server: SftpServer, emulator: EmulatorServer
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    storage = server.as_config(FOLDER, "KEY", private_key=key, password=server.password)
    failure = record_failure(emulator, storage, key, key.splitlines()[2], server.password)
    assert failure == "the server refused the login"
    assert server.logins == ["refused"]


@pytest.mark.parametrize("passphrase", ["CANARY-wrong", ""])
def test_a_wrong_passphrase_is_not_sent(
    server: SftpServer, emulator: EmulatorServer, passphrase: str
) -> None:
    storage = create_locked_login(server, passphrase)
    failure = record_failure(emulator, storage, storage["private_key"], *filter(None, [passphrase]))
    assert failure == "the private_key cannot be read with the password as its passphrase"
    assert server.logins == []


def test_an_invalid_key_is_reported(server: SftpServer, emulator: EmulatorServer) -> None:
    storage = server.as_config(FOLDER, "KEY", private_key="CANARY-no-key")
    assert record_failure(emulator, storage, "CANARY-no-key").startswith(
        "the private_key cannot be read"
    )


def test_a_missing_folder_is_not_created(server: SftpServer, emulator: EmulatorServer) -> None:
    failure = record_failure(emulator, server.as_config("/nowhere"), server.password)
    assert failure == "the server refused the file (SFTPNoSuchFile)"
    assert not (server.root / "nowhere").exists()


def test_a_read_only_server_is_reported(server: SftpServer, emulator: EmulatorServer) -> None:
    server.read_only = True
    failure = record_failure(emulator, server.as_config(FOLDER), server.password)
    assert failure == "the server refused the file (SFTPPermissionDenied)"


@pytest.mark.parametrize(
    "host",
    ["sftp.example.invalid", "192.0.2.1", "127.0.0.1.example.invalid", "0.0.0.0"],  # noqa: S104
)
def test_a_host_that_is_not_on_loopback_is_not_contacted(
    server: SftpServer, emulator: EmulatorServer, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with list_contacted_hosts(monkeypatch) as hosts:
        failure = record_failure(emulator, server.as_config(FOLDER, host=host), server.password)
    assert failure == "the host is not on this machine, and the emulator uploads to nothing else"
    assert set(hosts) == {"127.0.0.1"}


def test_the_users_ssh_configuration_is_not_used(
    server: SftpServer,
    emulator: EmulatorServer,
    tmp_path: Path,
    *,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    home = tmp_path / "home" / ".ssh"
    home.mkdir(parents=True)
    (home / "config").write_text("Host *\n  HostName 192.0.2.1\n")
    (home / "id_ed25519").write_text(server.private_key)
    monkeypatch.setenv("HOME", str(home.parent))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    storage = server.as_config(FOLDER, password="CANARY-wrong")
    assert record_failure(emulator, storage, "CANARY-wrong") == "the server refused the login"
    assert server.logins == ["refused"]
    assert "CANARY" not in caplog.text
    assert capfd.readouterr() == ("", "")
