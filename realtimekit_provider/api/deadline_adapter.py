"""Answers that have to be complete in time, and not only to go on.

The libraries hold a timeout against each wait for more bytes, and begin anew with every byte
that comes: whoever sends a header letter by letter is listened to for hours. Here it is held
against all reads of an answer together, from its status to its last byte, and against those of
a proxy's answer to CONNECT. Nothing runs beside the call for it.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPResponse
from typing import Any, cast

from requests.adapters import HTTPAdapter

__all__ = ["DeadlineAdapter"]


class DeadlineAdapter(HTTPAdapter):
    """Connects as the library does, also through proxies; a read timeout bounds a whole answer."""

    def __init__(self, clock: Callable[[], float], **options: Any) -> None:
        self._clock = clock
        super().__init__(**options)

    def get_connection_with_tls_context(self, *args: Any, **named: Any) -> Any:
        """Return the pool that the library would, whose connections read against a deadline."""
        pool: Any = super().get_connection_with_tls_context(*args, **named)
        # There are several kinds, by scheme and proxy; each makes its answers by one attribute.
        kind = type(pool).ConnectionCls
        if pool.ConnectionCls is kind:
            timely = {"response_class": self._response}
            pool.ConnectionCls = type(kind.__name__, (kind,), timely)
        return pool

    def _response(self, sock: socket.socket, *args: Any, **named: Any) -> HTTPResponse:
        response = HTTPResponse(sock, *args, **named)
        response.fp.close()
        response.fp = io.BufferedReader(_TimelyReads(sock, self._clock))
        return response


class _TimelyReads(io.RawIOBase):
    """What a socket receives within the timeout that it has now."""

    def __init__(self, sock: socket.socket, clock: Callable[[], float]) -> None:
        self._socket = sock
        self._clock = clock
        self._received = sock.makefile("rb", buffering=0)
        self._allowed = cast("float", sock.gettimeout())
        self._give_up_at = clock() + self._allowed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        rest = self._give_up_at - self._clock()
        if rest <= 0:
            raise TimeoutError
        self._socket.settimeout(rest)
        return self._received.readinto(buffer)

    def close(self) -> None:
        # A tunnel, and the next call on a kept connection, begin with what the socket is allowed.
        with suppress(OSError):
            self._socket.settimeout(self._allowed)
        self._received.close()
        super().close()
