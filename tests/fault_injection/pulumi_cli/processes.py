"""The processes of one deployment, which are found by ``PULUMI_HOME`` in their environment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["find_provider", "kill_all", "list_processes"]

_PROVIDER = b"pulumi.dynamic"


def find_provider(folder: Path) -> int | None:
    """Return the id of the provider process of the deployment in ``folder``; ``None`` without."""
    provider_ids = (
        id_
        for id_, command in list_processes(folder)
        if _PROVIDER in command and b"python" in command
    )
    return next(provider_ids, None)


def kill_all(folder: Path) -> None:
    """Kill every process that a killed deployment has left."""
    for id_, _ in list(list_processes(folder)):
        with suppress(ProcessLookupError):
            os.kill(id_, signal.SIGKILL)


def list_processes(folder: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the id and the command line of each process of the deployment in ``folder``."""
    home = f"PULUMI_HOME={folder}/".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            if home in (entry / "environ").read_bytes():
                yield int(entry.name), (entry / "cmdline").read_bytes()
