"""An SFTP server in a thread (asyncssh), with users by password and by key, on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

__all__ = ["SftpServer", "sftp_server"]

USER = "recorder"
PASSWORD = "CANARY-sftp-password"
PASSPHRASE = "CANARY-sftp-passphrase"


@dataclass
class SftpServer:
    """A running server: where it listens, who may log in, and where its files are."""

    root: Path
    host: str = "127.0.0.1"
    port: int = 0
    username: str = USER
    password: str = PASSWORD
    passphrase: str = PASSPHRASE
    read_only: bool = False
    logins: list[str] = field(default_factory=list)
    _server_key: Any = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    _user_key: Any = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))

    @property
    def host_key(self) -> str:
        """The server's public key, as a stack's config names it."""
        return str(self._server_key.export_public_key().decode().strip())

    @property
    def private_key(self) -> str:
        """The key that the user may log in with."""
        return str(self._user_key.export_private_key().decode())

    @property
    def encrypted_private_key(self) -> str:
        """The same key, under the passphrase."""
        exported = self._user_key.export_private_key(
            passphrase=self.passphrase,
            rounds=1,  # the default takes seconds to open
            ignore_few_rounds=True,
        )
        return str(exported.decode())

    @property
    def public_key(self) -> str:
        """The public half of the user's key."""
        return str(self._user_key.export_public_key().decode().strip())

    def as_config(self, path: str, method: str = "PASSWORD", **changed: Any) -> dict[str, Any]:
        """A ``storage_config`` for this server."""
        by_method = (
            {"password": self.password}
            if method == "PASSWORD"
            else {"private_key": self.private_key}
        )
        config = {
            "type": "sftp",
            "host": self.host,
            "port": self.port,
            "username": self.username,
            "path": path,
            "auth_method": method,
        }
        return {**config, **by_method, **changed}


class _LoginHandler(asyncssh.SSHServer):
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        is_valid = (username, password) == (self._server.username, self._server.password)
        self._server.logins.append("password" if is_valid else "refused")
        return is_valid

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: Any) -> bool:
        offered = key.export_public_key().decode().split()[1]
        is_valid = (username, offered) == (
            self._server.username,
            self._server.public_key.split()[1],
        )
        self._server.logins.append("key" if is_valid else "refused")
        return is_valid


class _Files(asyncssh.SFTPServer):
    """Files below the root; all changes are refused where the server is read-only."""

    def __init__(self, channel: Any, server: SftpServer) -> None:
        super().__init__(channel, chroot=str(server.root).encode())
        self._server = server

    def _require_writable(self) -> None:
        if self._server.read_only:
            raise asyncssh.SFTPPermissionDenied("read-only")

    def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
        if pflags & asyncssh.FXF_WRITE:
            self._require_writable()
        return super().open(path, pflags, attrs)

    def mkdir(self, path: bytes, attrs: Any) -> Any:
        if not Path(self.map_path(path).decode()).exists():
            self._require_writable()
        return super().mkdir(path, attrs)

    def remove(self, path: bytes) -> Any:
        self._require_writable()
        return super().remove(path)

    def rmdir(self, path: bytes) -> Any:
        self._require_writable()
        return super().rmdir(path)


@contextmanager
def sftp_server(root: Path, username: str = USER, password: str = PASSWORD) -> Iterator[SftpServer]:
    """Serve ``root`` on a free port until the end of the block."""
    server = SftpServer(root, username=username, password=password)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sftp-server", daemon=True)
    thread.start()

    def run_in_loop(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)

    acceptor = run_in_loop(_listen(server))
    server.port = acceptor.get_port()
    try:
        yield server
    finally:
        run_in_loop(_close(acceptor))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _listen(server: SftpServer) -> Any:
    return await asyncssh.listen(
        server.host,
        0,
        server_host_keys=[server._server_key],
        server_factory=lambda: _LoginHandler(server),
        sftp_factory=lambda channel: _Files(channel, server),
        allow_scp=False,
    )


async def _close(acceptor: Any) -> None:
    acceptor.close()
    await acceptor.wait_closed()
    for _ in range(5):
        await asyncio.sleep(0)
