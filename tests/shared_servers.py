"""Test servers that take seconds to start: one of each for all tests of this process.

Each test has buckets, containers and users of its own.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache

import pytest

from tools.test_servers.azurite import AZURITE_IS_MISSING, Azurite, azurite_server, find_azurite
from tools.test_servers.moto_server import MotoServer, running_moto

__all__ = ["get_azurite", "get_moto"]


@cache
def get_moto() -> MotoServer:
    """Return the running S3, IAM and STS."""
    return _get_running().enter_context(running_moto())


@cache
def get_azurite() -> Azurite:
    """Return the running Azurite; the test is skipped where it is not installed."""
    if find_azurite() is None:
        pytest.skip(AZURITE_IS_MISSING)
    return _get_running().enter_context(azurite_server())


@cache
def _get_running() -> ExitStack:
    """Return what ends the servers with this process."""
    running = ExitStack()
    atexit.register(running.close)
    return running
