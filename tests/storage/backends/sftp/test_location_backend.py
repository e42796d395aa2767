"""Folders on SFTP servers, and the SDK that they need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageSettingsError,
)
from tests.storage.backends.sftp.sftp_setup import build_location
from tests.storage.locations import locations
from tools.test_servers.sftp_server import SftpServer


def test_a_folder_lives_from_create_to_delete(server: SftpServer) -> None:
    declared = build_location(server)
    backend = locations("sftp")
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
    locations("sftp").create(build_location(server, "/a//b/"))
    assert (server.root / "a" / "b").is_dir()


def test_update_makes_again_what_somebody_removed(server: SftpServer) -> None:
    declared = build_location(server)
    locations("sftp").create(declared)
    (server.root / "recordings" / "tracks").rmdir()
    assert locations("sftp").read(declared) is None
    locations("sftp").update(declared)
    assert locations("sftp").read(declared) == declared


@pytest.mark.parametrize("on_delete", ["keep", "fail", "force"])
def test_an_existing_folder_is_never_touched(server: SftpServer, on_delete: str) -> None:
    folder = server.root / "foreign"
    foreign = build_location(server, "foreign", existing=True, on_delete=on_delete)
    with pytest.raises(StorageNotFoundError, match="declared as existing"):
        locations("sftp").create(foreign)
    locations("sftp").update(foreign)
    assert not folder.exists()
    folder.mkdir()
    locations("sftp").create(foreign)
    assert locations("sftp").delete(foreign) == "left"
    assert folder.is_dir()


def filled(server: SftpServer) -> Path:
    folder = server.root / "recordings" / "tracks"
    (folder / "layer").mkdir(parents=True)
    (folder / "layer" / "a.webm").write_bytes(b"webm")
    return folder


def test_keep_leaves_a_folder_that_holds_files(server: SftpServer) -> None:
    folder = filled(server)
    assert locations("sftp").delete(build_location(server)) == "kept_unmarked"
    assert (folder / "layer" / "a.webm").read_bytes() == b"webm"


def test_fail_says_what_is_in_the_way(server: SftpServer) -> None:
    folder = filled(server)
    with pytest.raises(StorageNotEmptyError, match=r"holds files, such as 'layer'.*on_delete"):
        locations("sftp").delete(build_location(server, on_delete="fail"))
    assert (folder / "layer" / "a.webm").exists()


def test_force_deletes_what_is_below_and_follows_no_link(server: SftpServer) -> None:
    folder = filled(server)
    outside = server.root / "outside"
    outside.mkdir()
    (outside / "foreign.txt").write_text("stays")
    (folder / "link").symlink_to("../../outside")
    assert locations("sftp").delete(build_location(server, on_delete="force")) == "deleted"
    assert not folder.exists()
    assert (outside / "foreign.txt").read_text() == "stays"


@pytest.mark.parametrize("path", ["", ".", "/", "//", "./."])
def test_the_users_home_is_never_deleted(server: SftpServer, path: str) -> None:
    (server.root / "authorized_keys").write_text("foreign")
    assert locations("sftp").delete(build_location(server, path, on_delete="force")) == "left"
    assert (server.root / "authorized_keys").exists()


def test_a_folder_behind_a_link_is_somebody_elses(server: SftpServer) -> None:
    (server.root / "real").mkdir()
    (server.root / "link").symlink_to("real")
    assert locations("sftp").delete(build_location(server, "link", on_delete="force")) == "left"
    assert (server.root / "real").is_dir()


def test_a_file_of_an_interrupted_write_test_does_not_keep_a_folder(server: SftpServer) -> None:
    folder = server.root / "recordings" / "tracks"
    folder.mkdir(parents=True)
    (folder / ".realtimekit-write-test-0123").write_bytes(b"")
    assert locations("sftp").delete(build_location(server, on_delete="fail")) == "deleted"


def test_a_file_where_the_folder_should_be_is_a_refusal(server: SftpServer) -> None:
    (server.root / "recordings").write_text("a file")
    with pytest.raises(StorageSettingsError, match="a file where a folder should be"):
        locations("sftp").create(build_location(server, "recordings"))


def test_a_folder_that_may_not_be_made_names_the_missing_right(server: SftpServer) -> None:
    server.read_only = True
    about = r"The folder recordings/tracks \(sftp, recorder@127\.0\.0\.1:\d+\)"
    with pytest.raises(StorageCredentialError, match=f"{about}: the user may not create it"):
        locations("sftp").create(build_location(server))


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
    with pytest.raises(StorageError, match=r"pip install 'realtimekit-provider\[sftp\]"):
        locations("sftp").create(build_location(server))
