"""An SFTP server for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.test_servers.sftp_server import SftpServer, sftp_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    root = tmp_path / "root"
    root.mkdir()
    with sftp_server(root) as running:
        yield running
