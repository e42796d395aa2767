"""What the tests of SFTP declare."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.storage_config import SftpStorageConfig
from realtimekit_provider.errors import (
    StorageError,
)
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.sftp.write_probe import SftpWriteProbe
from tools.test_servers.sftp_server import SftpServer

CANARY = "CANARY"


def build_location(
    server: SftpServer, path: str = "recordings/tracks", **changed: Any
) -> SftpLocation:
    config = server.as_config(path)
    del config["type"]
    return SftpLocation(**{**config, "host_key": server.host_key, **changed})


def config(server: SftpServer, **changed: Any) -> SftpStorageConfig:
    return SftpStorageConfig(**{**server.as_config("recordings"), **changed})


def refusal(prove: SftpStorageConfig, host_key: str | None) -> tuple[type[Exception], str]:
    with pytest.raises(StorageError) as caught:
        SftpWriteProbe().check(prove, host_key)
    assert CANARY not in str(caught.value) + repr(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return type(caught.value), str(caught.value)
