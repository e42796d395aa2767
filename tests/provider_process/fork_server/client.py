"""Starts processes as forks of a server, which is started with the first of them.

Most of a provider process's start is loading what it imports of others. The server loads that once;
of the provider itself it loads nothing, so each process imports and configures it anew.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["LIBRARIES", "ForkServer"]

LIBRARIES = ("pulumi.dynamic", "pydantic", "requests", "tenacity")
"""What a provider process imports of others."""

_ROOT = Path(__file__).parents[3]


class ForkServer:
    """A server whose forks have loaded the packages.

    Args:
        packages: The packages to load.
    """

    def __init__(self, packages: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._connection, connection = socket.socketpair()
        module, descriptor = "tests.provider_process.fork_server.server", connection.fileno()
        server = subprocess.Popen(
            [sys.executable, "-m", module, str(descriptor), *packages],
            pass_fds=[descriptor],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
        )
        connection.close()
        atexit.register(server.wait)
        atexit.register(self._connection.close)

    @classmethod
    def get(cls, packages: Sequence[str]) -> ForkServer:
        """Return the server of this process; a fork of this process has one of its own."""
        return _get_server(os.getpid(), tuple(packages))

    def start(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], stdout: int
    ) -> int:
        """Run a module as a program with this environment and standard output; return its id."""
        request = {"module": module, "arguments": arguments, "environment": environment}
        return self._ask(request, stdout, 2)

    def kill(self, process_id: int) -> None:
        """Kill a process as ``kill -9`` does, and return when it has ended."""
        self._ask({"kill": process_id})

    def _ask(self, request: Mapping[str, Any], *descriptors: int) -> int:
        with self._lock:
            socket.send_fds(self._connection, [json.dumps(request).encode()], descriptors)
            return int(self._connection.recv(64))


@cache
def _get_server(_process_id: int, packages: tuple[str, ...]) -> ForkServer:
    return ForkServer(packages)
