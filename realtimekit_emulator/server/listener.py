"""A listening socket on loopback that can be closed and opened again on the same port."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable

from realtimekit_emulator.loopback import NotLoopbackError, is_loopback

_BACKLOG = 1024


class Listener:
    """Listens for one protocol.

    While it does not accept connections, its port stays bound to a socket that does not listen:
    connections are refused, and no other program gets the port.

    Attributes:
        port: The port, also where 0 asked for a free one.

    Raises:
        NotLoopbackError: The host is not this machine.
        OSError: The port is taken.
    """

    def __init__(self, protocol: Callable[[], asyncio.Protocol], host: str, port: int) -> None:
        if not is_loopback(host):
            raise NotLoopbackError(
                f"{host!r} is not a loopback address; the emulator listens on no other"
            )
        self._protocol = protocol
        self._host = host
        self._socket = self._bind(port)
        self._server: asyncio.Server | None = None
        self.port: int = self._socket.getsockname()[1]

    @property
    def is_accepting(self) -> bool:
        """Return whether connections are accepted."""
        return self._server is not None

    async def accept(self) -> None:
        """Accept connections, if they are not accepted already."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(
                self._protocol, sock=self._socket, backlog=_BACKLOG
            )

    def stop_accepting(self) -> None:
        """Refuse new connections; existing ones are not touched."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._socket = self._bind(self.port)

    def close(self) -> None:
        """Release the port."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._socket.close()

    def _bind(self, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.settimeout(0)
        try:
            bound.bind((self._host, port))
        except OSError:
            bound.close()
            raise
        return bound


def reset_connection(transport: asyncio.BaseTransport | None) -> None:
    """Close a connection with a TCP reset, so that the client does not see an orderly end."""
    if not isinstance(transport, asyncio.Transport):
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
