"""Connections to the emulated API without an HTTP library."""

from __future__ import annotations

import socket
from contextlib import closing
from urllib.parse import urlsplit

from realtimekit_emulator import EmulatorServer


def open_connection(emulator: EmulatorServer) -> socket.socket:
    """Open a connection to the emulated API."""
    port = urlsplit(emulator.origin).port
    return socket.create_connection(("127.0.0.1", port or 0), timeout=3)


def send_request(emulator: EmulatorServer, connection: socket.socket) -> None:
    """Send a request for the list of recordings."""
    path = urlsplit(emulator.kit_url).path
    lines = (
        f"GET {path}/recordings HTTP/1.1",
        "Host: emulator",
        f"Authorization: Bearer {emulator.token}",
    )
    connection.sendall("\r\n".join([*lines, "", ""]).encode())


def read_response(emulator: EmulatorServer) -> bytes:
    """Return all bytes of one response until the connection ends."""
    chunks = []
    with closing(open_connection(emulator)) as connection:
        send_request(emulator, connection)
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)
