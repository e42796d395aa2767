"""The processes of one deployment: found by what only they have in their environment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["end_all_of", "provider_of"]

_PROVIDER = b"pulumi.dynamic"


def provider_of(folder: Path) -> int | None:
    """Return the provider process of the deployment that has its state in ``folder``."""
    found = (pid for pid, command in _of(folder) if _PROVIDER in command and b"python" in command)
    return next(found, None)


def end_all_of(folder: Path) -> None:
    """End whatever a killed deployment has left behind."""
    for pid, _ in list(_of(folder)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _of(folder: Path) -> Iterator[tuple[int, bytes]]:
    home = f"PULUMI_HOME={folder}/".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            if home in (entry / "environ").read_bytes():
                yield int(entry.name), (entry / "cmdline").read_bytes()
