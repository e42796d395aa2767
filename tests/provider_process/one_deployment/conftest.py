"""Tests in this folder share one deployment a module: one emulator, one provider process.

A process takes half a second to come up, and most tests need no fresh one: each has a meeting of
its own, and faults, settings and lines are forgotten in between.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from tests.provider_process.stack import Run, Stack


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorServer]:
    """An emulator for a module."""
    with EmulatorServer() as server:
        yield server


@pytest.fixture(scope="module")
def run(emulator: EmulatorServer) -> Iterator[Run]:
    """A deployment for a module."""
    with Stack(emulator).run() as run:
        yield run


@pytest.fixture(autouse=True)
def _nothing_has_happened(emulator: EmulatorServer, run: Run) -> None:
    emulator.control.reset()
    run.engine.forget()
