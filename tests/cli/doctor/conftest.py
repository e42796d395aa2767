"""A good project, whose API is one emulator a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.cli.doctor.setup import DoctorSetup


@pytest.fixture(scope="module")
def _running() -> Iterator[EmulatorServer]:
    with EmulatorServer() as server:
        yield server


@pytest.fixture
def emulator(_running: EmulatorServer) -> EmulatorServer:
    """The module's emulator, to which nothing has happened."""
    _running.control.reset()
    return _running


@pytest.fixture
def setup(tmp_path: Path, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> DoctorSetup:
    """A good project."""
    return DoctorSetup(tmp_path, emulator, monkeypatch)
