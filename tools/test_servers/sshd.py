"""The real OpenSSH server, as an unprivileged-looking process on loopback: SFTP by key alone."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncssh

from tools.test_servers.started import StartError, wait_for_line

__all__ = ["OpenSshServer", "find_sshd", "openssh_server"]

_CONFIG = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d {root} {flags}
"""


@dataclass(frozen=True)
class OpenSshServer:
    """A running ``sshd``: where it listens, its host key, and a private key that may log in."""

    port: int
    root: Path
    host_key: str
    user_key: Any

    def as_config(self, path: str, passphrase: str | None = None) -> dict[str, Any]:
        """A ``storage_config`` for this server."""
        exported = self.user_key.export_private_key(
            passphrase=passphrase,
            rounds=1,  # the default takes seconds to open
            ignore_few_rounds=True,
        ).decode()
        return {
            "type": "sftp",
            "host": "127.0.0.1",
            "port": self.port,
            "username": getpass.getuser(),
            "path": path,
            "auth_method": "KEY",
            "private_key": exported,
            "password": passphrase,
        }


def find_sshd() -> str | None:
    """Where ``sshd`` is, which is seldom on an ordinary user's PATH."""
    return shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@contextmanager
def openssh_server(folder: Path, *, read_only: bool = False) -> Iterator[OpenSshServer]:
    """Serve a folder below ``folder`` on a free port until the end of the block."""
    program = find_sshd()
    assert program, "sshd is not installed"
    server = _prepare(folder)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    process, port = _start(program, folder, server.root, "-R" if read_only else "")
    try:
        yield replace(server, port=port)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _prepare(folder: Path) -> OpenSshServer:
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    user_key = asyncssh.generate_private_key("ssh-ed25519")
    root = folder / "root"
    root.mkdir(parents=True)
    host_key.write_private_key(str(folder / "host_key"))
    (folder / "host_key").chmod(0o600)
    user_key.write_public_key(str(folder / "authorized_keys"))
    return OpenSshServer(0, root, host_key.export_public_key().decode().strip(), user_key)


def _start(
    program: str, folder: Path, root: Path, flags: str, attempts: int = 5
) -> tuple[subprocess.Popen[str], int]:
    """Start the server, and return its port.

    It cannot choose one, and another program may be faster to take the one that was free.
    """
    port = _find_free_port()
    config = _CONFIG.format(port=port, folder=folder, root=root, flags=flags)
    (folder / "sshd_config").write_text(config)
    process = subprocess.Popen(
        [program, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for_line(process, process.stderr, re.compile(f"Server listening on .* port {port}"))
    except StartError:
        if attempts == 1:
            raise
        return _start(program, folder, root, flags, attempts - 1)
    return process, port


def _find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
