"""A stack whose API is the test's emulator, and one deployment of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from tests.provider_process.stack import Run, Stack


@pytest.fixture
def stack(emulator: EmulatorServer) -> Stack:
    """The settings of a stack."""
    return Stack(emulator)


@pytest.fixture
def run(stack: Stack) -> Iterator[Run]:
    """One deployment of the stack."""
    with stack.run() as run:
        yield run
