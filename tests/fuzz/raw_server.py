"""A server on loopback that sends the same bytes for every request, valid HTTP or not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["RawServer", "raw_server"]


@dataclass
class RawServer:
    """A running server.

    Attributes:
        origin: Its address, as ``http://127.0.0.1:PORT``.
        answer: The bytes of every answer.
        trickle: Bytes that follow the answer again and again, until the client hangs up.
        received: The bytes of each request.
    """

    origin: str
    answer: bytes = b""
    trickle: bytes = b""
    received: list[bytes] = field(default_factory=list)


@contextmanager
def raw_server() -> Iterator[RawServer]:
    """Serve until the end of the block, one connection at a time."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
    finished = threading.Event()
    thread = threading.Thread(target=_serve, args=(listener, server, finished), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        finished.set()
        with contextlib.suppress(OSError), socket.create_connection(listener.getsockname()):
            pass
        thread.join(10)
        listener.close()


def _serve(listener: socket.socket, server: RawServer, finished: threading.Event) -> None:
    while not finished.is_set():
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            server.received.append(connection.recv(65536))
            connection.sendall(server.answer)
            while server.trickle and not finished.wait(0.02):
                connection.sendall(server.trickle)
