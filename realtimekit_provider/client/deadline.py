"""Answers that have to be complete in time, and not only to go on.

The libraries hold a timeout against each wait for more bytes, and begin anew with every byte
that comes: whoever sends a header letter by letter is listened to for hours. Here it is held
against all reads of an answer together, from its status to its last byte, and against those of
a proxy's answer to CONNECT. Nothing runs beside the call for it.
"""

from __future__ import annotations

import io
import socket
import time
from functools import cache
from http.client import HTTPResponse
from typing import Any, cast

from requests.adapters import HTTPAdapter

__all__ = ["DeadlineAdapter"]


class DeadlineAdapter(HTTPAdapter):
    """Connects as the library does, also through proxies; a read timeout bounds a whole answer."""

    def get_connection_with_tls_context(self, *args: Any, **named: Any) -> Any:
        """Return the pool that the library would, whose connections read against a deadline."""
        pool: Any = super().get_connection_with_tls_context(*args, **named)
        pool.ConnectionCls = _with_deadlines(type(pool).ConnectionCls)
        return pool


@cache
def _with_deadlines(kind: type[Any]) -> type[Any]:
    """There are several kinds, by scheme and proxy, and each makes its answers by this class."""
    return type(kind.__name__, (kind,), {"response_class": _TimelyResponse})


class _TimelyResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        self.fp.close()
        self.fp = io.BufferedReader(_TimelyReads(sock))


class _TimelyReads(io.RawIOBase):
    """What a socket receives within the timeout that it has now."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._received = sock.makefile("rb", buffering=0)
        self._give_up_at = time.monotonic() + cast("float", sock.gettimeout())

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        rest = self._give_up_at - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        self._socket.settimeout(rest)
        return self._received.readinto(buffer)

    def close(self) -> None:
        self._received.close()
        super().close()
