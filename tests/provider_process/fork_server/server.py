"""Starts modules as programs, each in a fork of this process, which has loaded what they import.

Its arguments are the descriptor of a socket, and the packages to load. A request to start a program
comes with its standard output and error, and is answered by its process id; one to kill it is
answered when it has ended.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import socket
import sys
from typing import Any

_MOST_BYTES = 1 << 20


def _serve(connection: socket.socket) -> None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(connection, _MOST_BYTES, 2)
        if not message:
            return
        request = json.loads(message)
        if "kill" in request:
            os.kill(request["kill"], signal.SIGKILL)
            os.waitpid(request["kill"], 0)
        process_id = request.get("kill") or os.fork()
        if process_id == 0:
            connection.close()
            _run_module(request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(json.dumps(process_id).encode())


def _run_module(request: dict[str, Any], descriptors: list[int]) -> None:
    for target, descriptor in enumerate(descriptors, start=1):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = [request["module"], *request["arguments"]]
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    for package in sys.argv[2:]:
        importlib.import_module(package)
    _serve(socket.socket(fileno=int(sys.argv[1])))
