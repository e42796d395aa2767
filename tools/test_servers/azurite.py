"""Azurite, Microsoft's emulator of Blob Storage: an npm package, found by AZURITE or on PATH."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from azure.storage.blob import BlobServiceClient

from tools.test_servers.started import wait_for_line

__all__ = ["AZURITE_IS_MISSING", "Azurite", "azurite_server", "find_azurite"]

AZURITE_IS_MISSING = "needs Azurite (npm install azurite@3.35), on PATH or named by AZURITE"

_BLOB_ONLY = "azurite-blob"
_ARGUMENTS = (
    *("--blobHost", "127.0.0.1", "--blobPort", "0"),
    *("--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"),
)
_LISTENS = re.compile(r"successfully listens on http://127\.0\.0\.1:(\d+)")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()


@dataclass
class Azurite:
    """The running server, with two accounts."""

    port: int
    account: str = "acmerecordings"
    other_account: str = "acmeothers"
    keys: dict[str, str] = field(
        default_factory=lambda: {"acmerecordings": _key(), "acmeothers": _key()}
    )

    def connection_string(self, account: str | None = None, key: str | None = None) -> str:
        """An account's connection string, as the portal shows it."""
        name = account or self.account
        return (
            f"DefaultEndpointsProtocol=http;AccountName={name};AccountKey={key or self.keys[name]};"
            f"BlobEndpoint=http://127.0.0.1:{self.port}/{name};"
        )

    @property
    def environment(self) -> dict[str, str]:
        """What the administrator's environment holds."""
        return {"AZURE_STORAGE_CONNECTION_STRING": self.connection_string()}

    def client(self) -> Any:
        """Blob Storage as the administrator's own tools see it."""
        return BlobServiceClient.from_connection_string(self.connection_string())


def find_azurite() -> str | None:
    """Return the path of ``azurite-blob``; AZURITE may name it, its folder, or ``azurite``."""
    named = os.environ.get("AZURITE")
    if named is None:
        return shutil.which(_BLOB_ONLY)
    path = Path(named)
    candidates = (path / _BLOB_ONLY, path.with_name(_BLOB_ONLY), path)
    return next((str(file) for file in candidates if file.is_file()), None)


@contextmanager
def azurite_server(key: str | None = None) -> Iterator[Azurite]:
    """Serve blobs from memory on a free port until the end of the block.

    Args:
        key: The account's key; a new one where left out.
    """
    program = find_azurite()
    assert program, AZURITE_IS_MISSING
    running = Azurite(port=0)
    if key is not None:
        running.keys[running.account] = key
    process = subprocess.Popen(
        [program, *_ARGUMENTS],
        env={**os.environ, "AZURITE_ACCOUNTS": ";".join(map(":".join, running.keys.items()))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        running.port = int(wait_for_line(process, process.stdout, _LISTENS).group(1))
        yield running
    finally:
        process.terminate()
        process.wait(timeout=10)
