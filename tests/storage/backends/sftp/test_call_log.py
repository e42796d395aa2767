"""Each operation of an SFTP session is a line in the log."""

from __future__ import annotations

import logging
from typing import Any

import asyncssh
import pytest

from realtimekit_provider.deployment.progress import reporting_progress
from realtimekit_provider.errors import StorageError
from realtimekit_provider.storage.backends.sftp.write_probe import SftpWriteProbe
from tests.fakes import FakeReporter
from tests.storage.backends.sftp.sftp_setup import build_location, config
from tests.storage.locations import locations
from tools.test_servers.sftp_server import SftpServer


@pytest.fixture(autouse=True)
def _debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")


def _list_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.message.split(" after ")[0] for one in caplog.records if "calls" in one.name]


def test_login_and_operations_are_logged(
    server: SftpServer, caplog: pytest.LogCaptureFixture
) -> None:
    """With host and path; a folder that is read until a file is found ends well."""
    locations("sftp").create(build_location(server, "tracks"))
    assert _list_lines(caplog) == [
        f"SFTP: login 127.0.0.1:{server.port} answered OK",
        "SFTP: isdir 127.0.0.1:tracks answered OK",
        "SFTP: mkdir 127.0.0.1:tracks answered OK",
    ]
    (server.root / "tracks" / "a.webm").write_bytes(b"webm")
    caplog.clear()
    with pytest.raises(StorageError):
        locations("sftp").delete(build_location(server, "tracks", on_delete="fail"))
    assert "SFTP: scandir 127.0.0.1:tracks answered OK" in _list_lines(caplog)


def test_a_write_test_is_logged_and_a_wrong_password_is_not(
    server: SftpServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The error is there by its kind."""
    (server.root / "recordings").mkdir()
    SftpWriteProbe().check(config(server), server.host_key)
    login, opened, removed = _list_lines(caplog)
    assert login == f"SFTP: login 127.0.0.1:{server.port} answered OK"
    assert opened.startswith("SFTP: open 127.0.0.1:recordings/.realtimekit-write-test-")
    assert removed.startswith("SFTP: remove 127.0.0.1:recordings/.realtimekit-write-test-")
    caplog.clear()
    with pytest.raises(StorageError):
        SftpWriteProbe().check(config(server, password="CANARY-wrong"), server.host_key)
    assert _list_lines(caplog) == [
        f"SFTP: login 127.0.0.1:{server.port} failed with PermissionDenied"
    ]
    assert "CANARY" not in caplog.text
    assert server.password not in caplog.text


def test_a_dropped_connection_is_tried_once_more_and_reported(
    server: SftpServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the row that waits, and in the log with the number of the attempt."""
    connect, drops, reporter = asyncssh.connect, [ConnectionResetError()], FakeReporter()

    async def drop_first(*arguments: Any, **options: Any) -> Any:
        if drops:
            raise drops.pop()
        return await connect(*arguments, **options)

    monkeypatch.setattr(asyncssh, "connect", drop_first)
    (server.root / "recordings").mkdir()
    with reporting_progress(reporter):
        SftpWriteProbe().check(config(server), server.host_key)
    assert reporter.waits == ["0/40 s: no SFTP connection yet"]
    login = f"SFTP: login 127.0.0.1:{server.port}"
    assert _list_lines(caplog)[:2] == [
        f"{login} failed with ConnectionResetError",
        f"{login} answered OK",
    ]
    attempts = [one.message.partition("(")[2] for one in caplog.records if "login" in one.message]
    assert attempts == ["attempt 1)", "attempt 2)"]
