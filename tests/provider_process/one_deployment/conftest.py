"""Tests in this folder share one deployment a module: one emulator, one provider process.

A process takes half a second to come up, and most tests need no fresh one: each has a meeting of
its own, and faults, settings and lines are reset in between.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from tests.provider_process.stack import ProviderStack, RunningDeployment


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorServer]:
    """An emulator for a module."""
    with EmulatorServer() as server:
        yield server


@pytest.fixture(scope="module")
def deployment(emulator: EmulatorServer) -> Iterator[RunningDeployment]:
    """A deployment for a module."""
    with ProviderStack(emulator).deploy() as deployment:
        yield deployment


@pytest.fixture(autouse=True)
def _reset(emulator: EmulatorServer, deployment: RunningDeployment) -> None:
    emulator.control.reset()
    deployment.engine.clear()
