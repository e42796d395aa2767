"""The CLI's process group dies alone: what it started lives on, and is ended by the test."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.polling import wait_until

__all__ = ["Deployment", "deploying"]

_TIMEOUT = 60


class Deployment:
    """An operation of the CLI that runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._left: list[int] = []

    @property
    def is_over(self) -> bool:
        """Whether the CLI has ended."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Kill the CLI's process group; a provider's process has a group of its own."""
        self._left += _descendants(self._process.pid)
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_TIMEOUT)

    def waits(self, asked: Callable[[], int]) -> None:
        """Return once it asks again and again; it must not end before."""
        wait_until(lambda: self.is_over or asked() > 2, timeout=60)
        assert not self.is_over

    def interrupt_twice(self, asked: Callable[[], int]) -> None:
        """Press Ctrl-C while it waits, and once more since it goes on waiting."""
        self.waits(asked)
        self._process.send_signal(signal.SIGINT)
        before = asked()
        wait_until(lambda: asked() > before + 5)
        assert not self.is_over
        self._process.send_signal(signal.SIGINT)
        assert self.ended() != 0

    def ended(self) -> int:
        """Wait for the CLI's end, and return its exit code."""
        self._process.communicate(timeout=_TIMEOUT)
        return self._process.returncode

    def clean_up(self) -> None:
        """End whatever lives on."""
        if not self.is_over:
            self.kill()
        for pid in self._left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def deploying(process: subprocess.Popen[str]) -> Iterator[Deployment]:
    """Watch an operation that was begun; nothing of it outlives the block."""
    deployment = Deployment(process)
    try:
        yield deployment
    finally:
        deployment.clean_up()


def _descendants(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found[1:]
