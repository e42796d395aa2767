"""The peak memory of the provider process that a run of the CLI starts."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from typing_extensions import Self

__all__ = ["MARK", "MemoryWatch"]

MARK = "REALTIMEKIT_BENCHMARK"
"""The variable by which a run's processes are told from all others."""

_PROC = Path("/proc")
_EVERY = 0.02
_PROVIDER = b"pulumi.dynamic"


class MemoryWatch:
    """Reads the kernel's high-water mark of the provider process until told to end.

    The mark only rises, so the last reading before the process ends is its peak. Where there is
    no ``/proc`` the answer stays ``None``.
    """

    def __init__(self, run: str) -> None:
        self._run = f"{MARK}={run}".encode()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak_kib: int | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        provider: Path | None = None
        while not self._over.wait(_EVERY):
            provider = provider or self._find()
            if provider is not None:
                self.peak_kib = _high_water(provider) or self.peak_kib

    def _find(self) -> Path | None:
        for process in _PROC.glob("[0-9]*"):
            is_provider = _is_ours(process) and _PROVIDER in _reads(process / "cmdline")
            if is_provider and self._run in _reads(process / "environ").split(b"\0"):
                return process
        return None


def _is_ours(process: Path) -> bool:
    try:
        return process.stat().st_uid == os.getuid()
    except OSError:
        return False


def _reads(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _high_water(process: Path) -> int | None:
    for line in _reads(process / "status").splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1])
    return None
