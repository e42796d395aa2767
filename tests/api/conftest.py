"""One emulator a module, to which nothing has happened when a test begins."""

from __future__ import annotations

import pytest

from realtimekit_emulator import EmulatorServer
from tests.api.api_caller import ApiCaller


@pytest.fixture
def emulator(shared_emulator: EmulatorServer) -> EmulatorServer:
    """The module's emulator."""
    return shared_emulator


@pytest.fixture
def caller(emulator: EmulatorServer) -> ApiCaller:
    """The client, with the settings that it has by default."""
    return ApiCaller.of(emulator)
