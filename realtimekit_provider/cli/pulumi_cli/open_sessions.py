"""The sessions of the Pulumi CLI that run, ended together where this process is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from types import FrameType

from realtimekit_provider.cli.pulumi_cli.sessions import kill_session, list_session

__all__ = ["end_sessions_on_signal", "open_session"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE = 2.0
"""Seconds that the CLI has after SIGINT: GitHub kills this process 10 s after its first signal."""

_TICK = 0.05


class _OpenSessions:
    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._is_stopping = False
        self._is_starting = False

    @contextmanager
    def open(self, start: Callable[[], subprocess.Popen[str]]) -> Iterator[subprocess.Popen[str]]:
        if self._is_stopping:
            raise KeyboardInterrupt
        with self._start(start) as process:
            try:
                if self._is_stopping:
                    raise KeyboardInterrupt
                yield process
            finally:
                kill_session(process.pid)
                self._ids.discard(process.pid)

    def _start(self, start: Callable[[], subprocess.Popen[str]]) -> subprocess.Popen[str]:
        is_main = current_thread() is main_thread()
        self._is_starting = self._is_starting or is_main
        try:
            process = start()
            self._ids.add(process.pid)
        finally:
            self._is_starting = self._is_starting and not is_main
        return process

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """End what runs, and raise :class:`KeyboardInterrupt`; this is a handler."""
        has_grace, self._is_stopping = not self._is_stopping, True
        if self._is_starting:
            # It has interrupted the start of a process, whose id only that start will know.
            return
        ids = tuple(self._ids)
        if has_grace:
            _interrupt_sessions(ids)
        for one in ids:
            kill_session(one)
        raise KeyboardInterrupt

    def reset(self) -> None:
        self._is_stopping = False


def _interrupt_sessions(ids: tuple[int, ...]) -> None:
    for one in ids:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGINT)
    end = time.monotonic() + _GRACE
    while any(map(list_session, ids)) and time.monotonic() < end:
        time.sleep(_TICK)


_sessions = _OpenSessions()


@contextmanager
def open_session(
    start: Callable[[], subprocess.Popen[str]],
) -> Iterator[subprocess.Popen[str]]:
    """Start a process that leads a session, of which nothing runs after the block.

    Args:
        start: Starts it.

    Raises:
        KeyboardInterrupt: This process was told to stop.
    """
    with _sessions.open(start) as process:
        yield process


@contextmanager
def end_sessions_on_signal() -> Iterator[None]:
    """Inside the block SIGINT and SIGTERM end what runs and raise :class:`KeyboardInterrupt`.

    The CLI is interrupted, and killed with all that it has started where it has not ended two
    seconds later, or at a second signal. None is started any more, in whichever thread.
    """
    before = [signal.signal(one, _sessions.stop) for one in _SIGNALS]
    try:
        yield
    finally:
        for one, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(one, handler)
        _sessions.reset()
