"""Servers on loopback that a connection fails at: TLS with any certificate, and proxies."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = [
    "close_at_once",
    "serve",
    "serve_proxy",
    "serve_tls",
    "write_certificate",
]

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 31\r\n\r\n"
    b'{"success": true, "data": null}'
)


def write_certificate(folder: Path, host: str, *, days: int = 1) -> Path:
    """Write a self-signed certificate for ``host`` and its key into one file, and return it.

    With a negative number of ``days`` it has expired.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@contextmanager
def serve(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """Give each connection to ``handle``, one after the other; yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_accept_until_closed, args=(server, handle), daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@contextmanager
def serve_tls(certificate: Path) -> Iterator[int]:
    """Answer every request over TLS, with a certificate and key from one file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            _read_head(encrypted)
            encrypted.sendall(_ANSWER)

    with serve(answer) as port:
        yield port


@contextmanager
def serve_proxy(status: str, forward_to: int | None = None) -> Iterator[int]:
    """Answer each CONNECT with ``status``, and forward it where a port is given."""

    def answer(connection: socket.socket) -> None:
        _read_head(connection)
        connection.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
        if forward_to is not None:
            with socket.create_connection(("127.0.0.1", forward_to)) as target:
                thread = threading.Thread(target=_copy, args=(target, connection), daemon=True)
                thread.start()
                _copy(connection, target)
                thread.join(10)

    with serve(answer) as port:
        yield port


def close_at_once(_connection: socket.socket) -> None:
    """Say nothing to whoever connects."""


def _accept_until_closed(server: socket.socket, handle: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            connection.settimeout(10)
            handle(connection)


def _read_head(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received and (chunk := connection.recv(4096)):
        received += chunk


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(4096):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
