"""A port that nothing listens at, for as long as a test needs it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["reserve_closed_port"]


@contextmanager
def reserve_closed_port() -> Iterator[int]:
    """Yield a port on loopback without a listener; no other program is given it meanwhile."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]
