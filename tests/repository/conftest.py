"""A deployment of a stack, as the provider's own tests have it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from tests.provider_process.stack import ProviderStack, RunningDeployment


@pytest.fixture(scope="module")
def stack() -> Iterator[ProviderStack]:
    """The settings of a stack."""
    with EmulatorServer() as emulator:
        yield ProviderStack(emulator)


@pytest.fixture(scope="module")
def run(stack: ProviderStack) -> Iterator[RunningDeployment]:
    """One deployment of the stack."""
    with stack.deploy() as run:
        yield run
