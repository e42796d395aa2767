"""What all tests share: a running emulator, and an API with two meetings in it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import HealthCheck, settings

from realtimekit_emulator import Control, EmulatorServer
from tests.scenarios.steps import EmulatedApi

# Property-based tests try the same examples in every run, and have no time limit.
settings.register_profile(
    "tests",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")

# A shell's background job ignores it, and so would what it starts: Pulumi interrupts its plugins
# when an operation has ended, and waits five seconds for one that ignores it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_remembered_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what an earlier test made known, or a leak in this one would be hidden."""
    monkeypatch.setattr("realtimekit_provider.redaction._remembered", set())


@pytest.fixture
def emulator() -> Iterator[EmulatorServer]:
    """An emulator of the test's own, in a thread."""
    with EmulatorServer() as server:
        yield server


@pytest.fixture(scope="module")
def _running_emulator() -> Iterator[EmulatorServer]:
    with EmulatorServer() as server:
        yield server


@pytest.fixture
def shared_emulator(_running_emulator: EmulatorServer) -> EmulatorServer:
    """The module's emulator, to which nothing has happened."""
    _running_emulator.control.reset()
    _running_emulator.control.scale_time(1)
    return _running_emulator


@pytest.fixture
def control(emulator: EmulatorServer) -> Control:
    """The emulator's control client."""
    return emulator.control


@pytest.fixture
def emulated_api(control: Control) -> EmulatedApi:
    """The emulated API, with two meetings that have a participant each."""
    return EmulatedApi.create(control)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker as many of the engine's slow tests as the others, first in its share.

    The shares are those of ``--dist=worksteal``: a worker that has finished steals from the end
    of another one's share.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.get_closest_marker("engine")]
    quick = iter([item for item in items if not item.get_closest_marker("engine")])
    ordered: list[pytest.Item] = []
    for number in range(workers):
        share = (len(items) - len(ordered)) // (workers - number)
        first = slow[number::workers]
        ordered += [*first, *islice(quick, max(0, share - len(first)))]
    items[:] = ordered


def pytest_xdist_auto_num_workers() -> int:
    """Use twice the processors, since most of the slow tests wait for others: at most eight."""
    return min(8, 2 * (os.cpu_count() or 1))
