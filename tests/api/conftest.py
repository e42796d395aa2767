"""One emulator a module, to which nothing has happened when a test begins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from tests.api.api_caller import ApiCaller


@pytest.fixture(scope="module")
def _running() -> Iterator[EmulatorServer]:
    with EmulatorServer() as server:
        yield server


@pytest.fixture
def emulator(_running: EmulatorServer) -> EmulatorServer:
    """The module's emulator."""
    _running.control.reset()
    _running.control.scale_time(1)
    return _running


@pytest.fixture
def caller(emulator: EmulatorServer) -> ApiCaller:
    """The client, with the settings that it has by default."""
    return ApiCaller.of(emulator)
