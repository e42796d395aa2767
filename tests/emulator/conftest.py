"""A running emulator, and three ways of talking to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cloudflare import Cloudflare

from realtimekit_emulator import Control, EmulatorServer
from tests.emulator.api_client import ApiClient


@pytest.fixture(scope="session")
def running() -> Iterator[EmulatorServer]:
    """Return one emulator for all tests, which the next fixture resets."""
    with EmulatorServer() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: EmulatorServer) -> EmulatorServer:
    """Return an emulator that nothing has happened to."""
    running.control.reset()
    running.control.scale_time(1)
    return running


@pytest.fixture
def control(emulator: EmulatorServer) -> Control:
    """Return the control client of the emulator."""
    return emulator.control


@pytest.fixture
def frozen(emulator: EmulatorServer) -> Control:
    """Return the control client of an emulator whose time only moves when a test moves it."""
    emulator.control.scale_time(0)
    return emulator.control


@pytest.fixture
def api(emulator: EmulatorServer) -> Iterator[ApiClient]:
    """Return a plain HTTP client of the emulated API."""
    client = ApiClient(emulator)
    yield client
    client.session.close()


@pytest.fixture
def sdk(emulator: EmulatorServer) -> Iterator[Cloudflare]:
    """Return Cloudflare's own client, without retries."""
    with Cloudflare(
        api_token=emulator.token, base_url=emulator.base_url, max_retries=0, timeout=5
    ) as client:
        yield client
