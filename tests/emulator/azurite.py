"""Azurite, Microsoft's stand-in for Blob Storage, as a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ACCOUNT", "KEY", "MISSING", "running_azurite"]

# What Azurite is always known by; it is in Microsoft's documentation.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
MISSING = "Azurite is neither on PATH nor named by AZURITE"

_LISTENS = re.compile(r"successfully listen\w*.* (http://127\.0\.0\.1:\d+)")


def program() -> str | None:
    """Return the program that serves blobs and nothing else."""
    named = os.environ.get("AZURITE") or shutil.which("azurite")
    if named is None:
        return shutil.which("azurite-blob")
    return str(Path(named).with_name("azurite-blob"))


@contextmanager
def running_azurite(folder: Path) -> Iterator[str]:
    """Serve on a free port until the end of the block; yield the URL of the account."""
    found = program()
    assert found, MISSING
    options = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
    server = subprocess.Popen(
        [found, "--blobHost", "127.0.0.1", "--blobPort", "0", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
    )
    try:
        yield f"{_url_of(server)}/{ACCOUNT}"
    finally:
        server.terminate()
        server.communicate(timeout=10)


def _url_of(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if found := _LISTENS.search(line):
            # It logs every request: a full pipe would stop it.
            threading.Thread(target=deque, args=(server.stdout, 0), daemon=True).start()
            return found.group(1)
    raise AssertionError(f"Azurite did not start: {''.join(said)}")
