"""The log of the deployment: lines on a resource's row at the user's terminal."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

__all__ = ["EngineClient", "ResourceLog", "has_terminal", "logging_on_row", "send_logs_to_engine"]

_TIMEOUT = 5.0
_PAUSE_WITHOUT_TERMINAL = 30.0
_ADDRESS = re.compile(r"[^\s/=-][^\s/=]*:[0-9]{1,5}")
_URN: ContextVar[str] = ContextVar("urn", default="")


def has_terminal() -> bool:
    """Whether this process has a controlling terminal, also where its output goes to a file."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


class EngineClient:
    """The deployment engine that started this provider process.

    Its address is the process's last argument, after flags such as ``-v=7`` under
    ``--logflow``. Without one, as when a test drives the provider by itself, nothing is logged
    and the engine counts as alive.
    """

    def __init__(
        self,
        arguments: Sequence[str] = tuple(sys.argv),
        *,
        clock: Callable[[], float] = time.monotonic,
        has_terminal: Callable[[], bool] = has_terminal,
    ) -> None:
        self._clock = clock
        self._has_terminal = has_terminal()
        address = arguments[-1] if len(arguments) > 1 else ""
        self._logged: set[tuple[int, str, str]] = set()
        self._waits: dict[tuple[str, str], float] = {}
        self._last_lines: dict[str, tuple[int, str]] = {}
        self._waiting: dict[str, float] = {}
        self._stub = (
            engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))
            if _ADDRESS.fullmatch(address)
            else None
        )

    def log(self, severity: int, text: str, urn: str, *, ephemeral: bool = False) -> bool:
        """Show a line on the row of a resource.

        Args:
            severity: One of the constants of ``engine_pb2``, such as ``INFO``.
            text: The line.
            urn: The resource; empty for none.
            ephemeral: Whether the next line replaces it.

        Returns:
            Whether the engine accepted it within 5 seconds.
        """
        if self._stub is None:
            return True
        request = engine_pb2.LogRequest(
            severity=severity,  # type: ignore[arg-type]
            message=text,
            urn=urn,
            streamId=0,
            ephemeral=ephemeral,
        )
        try:
            self._stub.Log(request, timeout=_TIMEOUT)
        except grpc.RpcError:
            return False
        return True

    def log_progress(self, text: str, urn: str) -> None:
        """Show how far a wait is: on a terminal each line in the place of the one before.

        Where there is no terminal each line is another one, so the same wait is told again after
        30 seconds only. What stands behind the numbers and a colon tells waits apart.
        """
        now = self._clock()
        self._waiting.setdefault(urn, now)
        if not self._has_terminal:
            wait = (urn, text.partition(": ")[2])
            if now - self._waits.get(wait, -_PAUSE_WITHOUT_TERMINAL) < _PAUSE_WITHOUT_TERMINAL:
                return
            self._waits[wait] = now
        self.log(engine_pb2.INFO, text, urn, ephemeral=True)

    def end_progress(self, urn: str) -> None:
        """Take the last wait off the row: the engine would leave it there when all is done.

        What was logged before it stands there again, else how long it took.
        """
        began = self._waiting.pop(urn, None)
        if began is not None:
            waited = f"waited {self._clock() - began:.0f} s"
            severity, text = self._last_lines.get(urn, (engine_pb2.INFO, waited))
            self.log(severity, text, urn, ephemeral=True)

    def log_once(self, severity: int, text: str, urn: str) -> None:
        """Show ``text`` on the row of ``urn``, unless this deployment has shown it there.

        The engine may call the same ``diff`` several times.
        """
        line = (severity, text, urn)
        self._last_lines[urn] = (severity, text)
        if line not in self._logged:
            self._logged.add(line)
            self.log(severity, text, urn)


@contextmanager
def logging_on_row(urn: object) -> Iterator[None]:
    """Show what is logged inside, by this thread, on the row of the resource ``urn``."""
    token = _URN.set(urn if isinstance(urn, str) else "")
    try:
        yield
    finally:
        _URN.reset(token)


def send_logs_to_engine(engine: EngineClient) -> None:
    """Send what this package's loggers write to the engine, which shows it under ``--debug``.

    Done once a process. Loggers of other packages are not touched.
    """
    logger = logging.getLogger("realtimekit_provider")
    if not any(isinstance(handler, _EngineHandler) for handler in logger.handlers):
        logger.addHandler(_EngineHandler(engine))
        logger.setLevel(logging.DEBUG)


class _EngineHandler(logging.Handler):
    def __init__(self, engine: EngineClient) -> None:
        super().__init__()
        self._engine = engine

    def emit(self, record: logging.LogRecord) -> None:
        self._engine.log(engine_pb2.DEBUG, record.getMessage(), _URN.get())


class ResourceLog:
    """Logs on one resource's row; a :class:`realtimekit_provider.deployment.ports.Reporter`.

    Attributes:
        urn: The resource.
    """

    def __init__(self, engine: EngineClient, urn: str) -> None:
        self._engine = engine
        self.urn = urn

    def progress(self, text: str) -> None:
        """Show what is waited for; the next text replaces it."""
        self._engine.log_progress(text, self.urn)

    def end_progress(self) -> None:
        """Show that nothing is waited for any more."""
        self._engine.end_progress(self.urn)

    def notice(self, text: str) -> None:
        """Show something that stays on the screen."""
        self._engine.log_once(engine_pb2.INFO, text, self.urn)

    def warning(self, text: str) -> None:
        """Show something that must not be missed."""
        self._engine.log_once(engine_pb2.WARNING, text, self.urn)

    def error(self, text: str) -> None:
        """Show why the operation fails, before the traceback that the engine prints."""
        self._engine.log(engine_pb2.ERROR, text, self.urn)

    def is_engine_alive(self) -> bool:
        """Whether the engine still answers."""
        return self._engine.log(engine_pb2.DEBUG, "about to start a recording", self.urn)
