"""A timeout that holds for a whole response, and not only for the next byte.

The libraries apply a timeout to each wait for more bytes, and start it again with every byte
that comes: a server that sends a header letter by letter is read for hours. Here it is applied
to all reads of a response together, from its status to its last byte, and to those of a proxy's
response to CONNECT. It needs no thread of its own.

A check in the loop that reads the body could not do it: the status, the headers, the length of a
chunk and a proxy's response are read inside of the libraries. What of them is relied on is pinned
in ``tests/api/connections/test_deadline_adapter.py``.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPResponse
from typing import Any, cast

from requests.adapters import HTTPAdapter

from realtimekit_provider.api.send_tracker import SendTracker, build_tracked_connection

__all__ = ["DeadlineAdapter"]


class DeadlineAdapter(HTTPAdapter):
    """Connects as the library does, also to proxies; a read timeout is for a whole response.

    ``tracker`` is told when a request may have left this machine.
    """

    def __init__(self, clock: Callable[[], float], tracker: SendTracker, **options: Any) -> None:
        self._clock = clock
        self._tracker = tracker
        super().__init__(**options)

    def get_connection_with_tls_context(self, *args: Any, **named: Any) -> Any:
        """Return the pool that the library would, whose connections read against a deadline."""
        pool: Any = super().get_connection_with_tls_context(*args, **named)
        # There are several kinds, by scheme and proxy; each makes its responses by one attribute.
        kind = type(pool).ConnectionCls
        if pool.ConnectionCls is kind:
            pool.ConnectionCls = build_tracked_connection(kind, self._tracker)
            pool.ConnectionCls.response_class = self._create_response
        return pool

    def _create_response(self, sock: socket.socket, *args: Any, **named: Any) -> HTTPResponse:
        response = HTTPResponse(sock, *args, **named)
        response.fp.close()
        response.fp = io.BufferedReader(_DeadlineReader(sock, self._clock))
        return response


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until the timeout that the socket has now is over."""

    def __init__(self, sock: socket.socket, clock: Callable[[], float]) -> None:
        self._socket = sock
        self._clock = clock
        self._file = sock.makefile("rb", buffering=0)
        self._timeout = cast("float", sock.gettimeout())
        self._deadline = clock() + self._timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._deadline - self._clock()
        if remaining <= 0:
            raise TimeoutError
        self._socket.settimeout(remaining)
        return self._file.readinto(buffer)

    def close(self) -> None:
        # A tunnel, and the next call on a kept connection, start with the whole timeout.
        with suppress(OSError):
            self._socket.settimeout(self._timeout)
        self._file.close()
        super().close()
