"""A deployment of a stack, as the provider's own tests have it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from tests.provider_process.stack import Run, Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The settings of a stack."""
    with EmulatorServer() as emulator:
        yield Stack(emulator)


@pytest.fixture(scope="module")
def run(stack: Stack) -> Iterator[Run]:
    """One deployment of the stack."""
    with stack.run() as run:
        yield run
