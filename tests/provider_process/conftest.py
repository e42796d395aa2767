"""A stack whose API is the test's emulator, and one deployment of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from tests.provider_process.stack import ProviderStack, RunningDeployment


@pytest.fixture
def stack(emulator: EmulatorServer) -> ProviderStack:
    """The settings of a stack."""
    return ProviderStack(emulator)


@pytest.fixture
def deployment(stack: ProviderStack) -> Iterator[RunningDeployment]:
    """One deployment of the stack."""
    with stack.deploy() as deployment:
        yield deployment
