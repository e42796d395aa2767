"""Folders on SFTP servers, and the proof that a login can write in them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from realtimekit_provider.api.models.storage_config import SftpStorageConfig
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.sftp.location_backend import SftpLocationBackend
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.sftp.write_probe import SftpWriteProbe
from tools.test_servers.sftp_server import SftpServer, sftp_server
from tools.test_servers.sshd import OpenSshServer, find_sshd, openssh_server

CANARY = "CANARY"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    root = tmp_path / "root"
    root.mkdir()
    with sftp_server(root) as running:
        yield running


def build_location(
    server: SftpServer, path: str = "recordings/tracks", **changed: Any
) -> SftpLocation:
    config = server.as_config(path)
    del config["type"]
    return SftpLocation(**{**config, "host_key": server.host_key, **changed})


def config(server: SftpServer, **changed: Any) -> SftpStorageConfig:
    return SftpStorageConfig(**{**server.as_config("recordings"), **changed})


def test_a_folder_lives_from_create_to_delete(server: SftpServer) -> None:
    declared = build_location(server)
    backend = SftpLocationBackend()
    assert backend.read(declared) is None
    backend.create(declared)
    backend.create(declared)
    assert backend.read(declared) == declared
    assert (server.root / "recordings" / "tracks").is_dir()
    assert backend.delete(declared) == "deleted"
    assert backend.delete(declared) == "deleted"
    assert backend.read(declared) is None
    assert (server.root / "recordings").is_dir()


def test_an_absolute_path_and_trailing_slashes_are_taken(server: SftpServer) -> None:
    SftpLocationBackend().create(build_location(server, "/a//b/"))
    assert (server.root / "a" / "b").is_dir()


def test_update_makes_again_what_somebody_removed(server: SftpServer) -> None:
    declared = build_location(server)
    SftpLocationBackend().create(declared)
    (server.root / "recordings" / "tracks").rmdir()
    assert SftpLocationBackend().read(declared) is None
    SftpLocationBackend().update(declared)
    assert SftpLocationBackend().read(declared) == declared


@pytest.mark.parametrize("on_delete", ["keep", "fail", "force"])
def test_an_existing_folder_is_never_touched(server: SftpServer, on_delete: str) -> None:
    folder = server.root / "foreign"
    foreign = build_location(server, "foreign", existing=True, on_delete=on_delete)
    with pytest.raises(StorageNotFoundError, match="declared as existing"):
        SftpLocationBackend().create(foreign)
    SftpLocationBackend().update(foreign)
    assert not folder.exists()
    folder.mkdir()
    SftpLocationBackend().create(foreign)
    assert SftpLocationBackend().delete(foreign) == "kept"
    assert folder.is_dir()


def filled(server: SftpServer) -> Path:
    folder = server.root / "recordings" / "tracks"
    (folder / "layer").mkdir(parents=True)
    (folder / "layer" / "a.webm").write_bytes(b"webm")
    return folder


def test_keep_leaves_a_folder_that_holds_files(server: SftpServer) -> None:
    folder = filled(server)
    assert SftpLocationBackend().delete(build_location(server)) == "kept"
    assert (folder / "layer" / "a.webm").read_bytes() == b"webm"


def test_fail_says_what_is_in_the_way(server: SftpServer) -> None:
    folder = filled(server)
    with pytest.raises(StorageNotEmptyError, match=r"holds files, such as 'layer'.*on_delete"):
        SftpLocationBackend().delete(build_location(server, on_delete="fail"))
    assert (folder / "layer" / "a.webm").exists()


def test_force_deletes_what_is_below_and_follows_no_link(server: SftpServer) -> None:
    folder = filled(server)
    outside = server.root / "outside"
    outside.mkdir()
    (outside / "theirs.txt").write_text("stays")
    (folder / "link").symlink_to("../../outside")
    assert SftpLocationBackend().delete(build_location(server, on_delete="force")) == "deleted"
    assert not folder.exists()
    assert (outside / "theirs.txt").read_text() == "stays"


@pytest.mark.parametrize("path", ["", ".", "/", "//", "./."])
def test_the_users_home_is_never_deleted(server: SftpServer, path: str) -> None:
    (server.root / "authorized_keys").write_text("foreign")
    assert SftpLocationBackend().delete(build_location(server, path, on_delete="force")) == "kept"
    assert (server.root / "authorized_keys").exists()


def test_a_folder_behind_a_link_is_somebody_elses(server: SftpServer) -> None:
    (server.root / "real").mkdir()
    (server.root / "link").symlink_to("real")
    assert SftpLocationBackend().delete(build_location(server, "link", on_delete="force")) == "kept"
    assert (server.root / "real").is_dir()


def test_a_file_of_an_interrupted_write_test_does_not_keep_a_folder(server: SftpServer) -> None:
    folder = server.root / "recordings" / "tracks"
    folder.mkdir(parents=True)
    (folder / ".realtimekit-write-test-0123").write_bytes(b"")
    assert SftpLocationBackend().delete(build_location(server, on_delete="fail")) == "deleted"


def test_a_file_where_the_folder_should_be_is_a_refusal(server: SftpServer) -> None:
    (server.root / "recordings").write_text("a file")
    with pytest.raises(StorageSettingsError, match="a file where a folder should be"):
        SftpLocationBackend().create(build_location(server, "recordings"))


def test_a_folder_that_may_not_be_made_names_the_missing_right(server: SftpServer) -> None:
    server.read_only = True
    about = r"The folder recordings/tracks \(sftp, recorder@127\.0\.0\.1:\d+\)"
    with pytest.raises(StorageCredentialError, match=f"{about}: the user may not create it"):
        SftpLocationBackend().create(build_location(server))


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


def refusal(prove: SftpStorageConfig, host_key: str | None) -> tuple[type[Exception], str]:
    with pytest.raises(StorageError) as caught:
        SftpWriteProbe().check(prove, host_key)
    assert CANARY not in str(caught.value) + repr(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return type(caught.value), str(caught.value)


def test_a_wrong_password_is_refused(server: SftpServer) -> None:
    kind, text = refusal(config(server, password="CANARY-wrong"), server.host_key)
    assert kind is StorageCredentialError
    about = f"The folder recordings (sftp, recorder@127.0.0.1:{server.port})"
    assert text.startswith(f"{about}: the server refused the login with this password.")


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


@pytest.mark.parametrize("passphrase", [None, "CANARY-wrong"])
def test_a_key_that_does_not_open_asks_for_its_passphrase(
    server: SftpServer, passphrase: str | None
) -> None:
    declared = config(
        server, auth_method="KEY", password=passphrase, private_key=server.encrypted_private_key
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


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_server_that_does_not_listen_is_unreachable(server: SftpServer) -> None:
    kind, text = refusal(config(server, port=free_port()), server.host_key)
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


def test_importing_loads_no_sdk() -> None:
    program = (
        "import sys, realtimekit_provider.storage.backends.sftp.location_backend;"
        "print([m for m in sys.modules if m.split('.')[0] in {'asyncssh', 'boto3', 'azure'}])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_a_missing_sdk_names_the_extra(server: SftpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(StorageError, match=r"pip install 'realtimekit-provider\[sftp\]'"):
        SftpLocationBackend().create(build_location(server))


needs_sshd = pytest.mark.skipif(find_sshd() is None, reason="needs OpenSSH's sshd")


def build_openssh_location(server: OpenSshServer, path: str, **changed: Any) -> SftpLocation:
    declared = server.as_config(path)
    del declared["type"]
    return SftpLocation(**{**declared, "host_key": server.host_key, **changed})


@needs_sshd
def test_openssh_serves_the_whole_life_of_a_folder(tmp_path: Path) -> None:
    with openssh_server(tmp_path) as server:
        declared = build_openssh_location(server, "a/b")
        SftpLocationBackend().create(declared)
        SftpLocationBackend().create(declared)
        for passphrase in (None, "CANARY-passphrase"):
            config = SftpStorageConfig(**server.as_config("a/b", passphrase))
            SftpWriteProbe().check(config, server.host_key)
        assert list((server.root / "a" / "b").iterdir()) == []
        (server.root / "a" / "b" / "x.webm").write_bytes(b"webm")
        assert SftpLocationBackend().delete(declared) == "kept"
        with pytest.raises(StorageNotEmptyError, match=r"such as 'x\.webm'"):
            SftpLocationBackend().delete(build_openssh_location(server, "a/b", on_delete="fail"))
        assert (
            SftpLocationBackend().delete(build_openssh_location(server, "a/b", on_delete="force"))
            == "deleted"
        )
        assert SftpLocationBackend().read(declared) is None
        assert (
            SftpLocationBackend().delete(build_openssh_location(server, ".", on_delete="force"))
            == "kept"
        )


@needs_sshd
def test_openssh_refuses_as_the_stand_in_does(tmp_path: Path) -> None:
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
            SftpLocationBackend().create(build_openssh_location(server, "new"))
    with openssh_server(tmp_path / "second") as server:
        missing = SftpStorageConfig(**server.as_config("gone"))
        assert refusal(missing, server.host_key)[0] is StorageNotFoundError
        (server.root / "file").write_text("")
        with pytest.raises(StorageSettingsError, match="a file where a folder should be"):
            SftpLocationBackend().create(build_openssh_location(server, "file/below"))
