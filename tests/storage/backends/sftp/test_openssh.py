"""OpenSSH behaves as the test server does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
import pytest

from realtimekit_provider.api.models.storage_config import SftpStorageConfig
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageSettingsError,
)
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.sftp.write_probe import SftpWriteProbe
from tests.storage.backends.sftp.sftp_setup import refusal
from tests.storage.locations import locations
from tools.test_servers.sshd import OpenSshServer, find_sshd, openssh_server

needs_sshd = pytest.mark.skipif(find_sshd() is None, reason="needs OpenSSH's sshd")


def build_openssh_location(server: OpenSshServer, path: str, **changed: Any) -> SftpLocation:
    declared = server.as_config(path)
    del declared["type"]
    return SftpLocation(**{**declared, "host_key": server.host_key, **changed})


@needs_sshd
def test_openssh_serves_the_whole_life_of_a_folder(tmp_path: Path) -> None:
    with openssh_server(tmp_path) as server:
        declared = build_openssh_location(server, "a/b")
        locations("sftp").create(declared)
        locations("sftp").create(declared)
        for passphrase in (None, "CANARY-passphrase"):
            config = SftpStorageConfig(**server.as_config("a/b", passphrase))
            SftpWriteProbe().check(config, server.host_key)
        assert list((server.root / "a" / "b").iterdir()) == []
        (server.root / "a" / "b" / "x.webm").write_bytes(b"webm")
        assert locations("sftp").delete(declared) == "kept_unmarked"
        with pytest.raises(StorageNotEmptyError, match=r"such as 'x\.webm'"):
            locations("sftp").delete(build_openssh_location(server, "a/b", on_delete="fail"))
        assert (
            locations("sftp").delete(build_openssh_location(server, "a/b", on_delete="force"))
            == "deleted"
        )
        assert locations("sftp").read(declared) is None
        assert (
            locations("sftp").delete(build_openssh_location(server, ".", on_delete="force"))
            == "left"
        )


@needs_sshd
def test_openssh_refuses_as_the_test_server_does(tmp_path: Path) -> None:
    with openssh_server(tmp_path, read_only=True) as server:
        (server.root / "a").mkdir()
        given = SftpStorageConfig(**server.as_config("a"))
        assert refusal(given, server.host_key)[0] is StorageCredentialError
        other = asyncssh.generate_private_key("ssh-ed25519")
        key = {"private_key": other.export_private_key().decode()}
        wrong = SftpStorageConfig(**{**server.as_config("a"), **key})
        assert "refused the login" in refusal(wrong, server.host_key)[1]
        host_key = other.export_public_key().decode().strip()
        assert "showed a host key other" in refusal(given, host_key)[1]
        with pytest.raises(StorageCredentialError, match=r"folder new \(.* may not create it"):
            locations("sftp").create(build_openssh_location(server, "new"))
    with openssh_server(tmp_path / "second") as server:
        missing = SftpStorageConfig(**server.as_config("gone"))
        assert refusal(missing, server.host_key)[0] is StorageNotFoundError
        (server.root / "file").write_text("")
        with pytest.raises(StorageSettingsError, match="a file where a folder should be"):
            locations("sftp").create(build_openssh_location(server, "file/below"))
