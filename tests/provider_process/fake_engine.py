"""A fake of the engine as a provider process sees it: it receives lines for resources' rows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

__all__ = ["FakeEngine", "Line", "running_engine"]


@dataclass(frozen=True)
class Line:
    """A text on a resource's row; ``kind`` is debug, progress, notice, warning or error."""

    kind: str
    text: str
    urn: str


class FakeEngine(engine_pb2_grpc.EngineServicer):
    """Collects every line that a provider process logs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[Line] = []
        self._server = grpc.server(ThreadPoolExecutor(max_workers=4))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: engine_pb2.LogRequest, _context: object) -> Empty:  # noqa: N802
        """Receive a line; the name is the service's."""
        kind = "progress" if request.ephemeral else _KINDS[request.severity]
        with self._lock:
            self._lines.append(Line(kind, request.message, request.urn))
        return Empty()

    def get_lines(self, *kinds: str) -> list[Line]:
        """Return the lines of these kinds, or all."""
        with self._lock:
            return [line for line in self._lines if not kinds or line.kind in kinds]

    def get_text(self, *kinds: str) -> str:
        """Return the lines of these kinds, or all, as one text."""
        return "\n".join(line.text for line in self.get_lines(*kinds))

    def clear(self) -> None:
        """Drop every line."""
        with self._lock:
            self._lines.clear()

    def stop(self) -> None:
        """Stop answering, like an engine that was killed."""
        self._server.stop(grace=None).wait()


_KINDS = {
    engine_pb2.DEBUG: "debug",
    engine_pb2.INFO: "notice",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}


@contextmanager
def running_engine() -> Iterator[FakeEngine]:
    """Run an engine for the length of the block."""
    engine = FakeEngine()
    try:
        yield engine
    finally:
        engine.stop()
