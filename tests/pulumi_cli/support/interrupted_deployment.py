"""A deployment that a test interrupts or kills, with everything that it has started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.polling import wait_until

__all__ = ["Deployment", "watch_deployment"]

_TIMEOUT = 240


class Deployment:
    """A running operation of the CLI."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._orphans: list[int] = []

    @property
    def is_over(self) -> bool:
        """Whether the CLI has ended."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Kill the CLI's process group; a provider's process has a group of its own."""
        self._orphans += _list_descendants(self._process.pid)
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_TIMEOUT)

    def wait_until_polling(self, count_calls: Callable[[], int]) -> None:
        """Return once it polls; it must not end before."""
        wait_until(lambda: self.is_over or count_calls() > 2)
        assert not self.is_over

    def interrupt_twice(self, count_calls: Callable[[], int]) -> None:
        """Send SIGINT while it polls, and once more, since it still polls."""
        self.wait_until_polling(count_calls)
        self._process.send_signal(signal.SIGINT)
        before = count_calls()
        wait_until(lambda: count_calls() > before + 5)
        assert not self.is_over
        self._process.send_signal(signal.SIGINT)
        assert self.wait_for_exit() != 0

    def wait_for_exit(self) -> int:
        """Wait until the CLI has ended, and return its exit code."""
        self._process.communicate(timeout=_TIMEOUT)
        return self._process.returncode

    def clean_up(self) -> None:
        """Kill the CLI and every process that it has left."""
        if not self.is_over:
            self.kill()
        for pid in self._orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def watch_deployment(process: subprocess.Popen[str]) -> Iterator[Deployment]:
    """Watch an operation that was started; all its processes end with the block."""
    deployment = Deployment(process)
    try:
        yield deployment
    finally:
        deployment.clean_up()


def _list_descendants(pid: int) -> list[int]:
    processes = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    children: dict[int, list[int]] = {}
    for line in processes.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    descendants = [pid]
    for parent in descendants:
        descendants += children.get(parent, [])
    return descendants[1:]
