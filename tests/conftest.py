"""What tests of every height share: a running emulator, and a world around it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

import pytest

from realtimekit_emulator import Control, EmulatorServer
from tests.scenarios.steps import World


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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the engine's tests, the slow ones, out evenly, each worker's at the head of its share.

    Shares are cut as ``--dist=worksteal`` cuts them; who is done early steals from a share's end.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.get_closest_marker("engine")]
    quick = iter([item for item in items if not item.get_closest_marker("engine")])
    dealt: list[pytest.Item] = []
    for number in range(workers):
        share = (len(items) - len(dealt)) // (workers - number)
        head = slow[number::workers]
        dealt += [*head, *islice(quick, max(0, share - len(head)))]
    items[:] = dealt


def pytest_xdist_auto_num_workers() -> int:
    """Use twice the processors, since most of the slow tests wait for others: at most eight."""
    return min(8, 2 * (os.cpu_count() or 1))
