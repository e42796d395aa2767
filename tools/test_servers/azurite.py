"""Azurite, Microsoft's emulator of Blob Storage: an npm package, found by AZURITE or on PATH."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from azure.storage.blob import BlobServiceClient

__all__ = ["AZURITE_IS_MISSING", "Azurite", "azurite_server", "find_azurite"]

AZURITE_IS_MISSING = "needs Azurite (npm install azurite@3.35), on PATH or named by AZURITE"

_BLOB_ONLY = "azurite-blob"


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
    running = Azurite(_free_port())
    if key is not None:
        running.keys[running.account] = key
    process = subprocess.Popen(
        [program, *_build_arguments(running.port)],
        env={**os.environ, "AZURITE_ACCOUNTS": ";".join(map(":".join, running.keys.items()))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_listens(running.port, process)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=10)


def _build_arguments(port: int) -> list[str]:
    listening = ["--blobHost", "127.0.0.1", "--blobPort", str(port)]
    flags = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    return [*listening, *flags]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, f"Azurite ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("Azurite does not listen on its port")
