"""What tests of every height share: a running emulator, and a world around it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from realtimekit_emulator import Control, EmulatorServer
from tests.lifecycle_steps import World


@pytest.fixture
def emulator() -> Iterator[EmulatorServer]:
    """An emulator of the test's own, in a thread."""
    with EmulatorServer() as server:
        yield server


@pytest.fixture
def control(emulator: EmulatorServer) -> Control:
    """The emulator's control client."""
    return emulator.control


@pytest.fixture
def world(control: Control) -> World:
    """Two meetings with somebody in each."""
    return World.of(control)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes seconds, so that the quick tests fill what is left of each worker."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)


def pytest_xdist_auto_num_workers() -> int:
    """Use twice the processors, since most of the slow tests wait for others: at most eight."""
    return min(8, 2 * (os.cpu_count() or 1))
