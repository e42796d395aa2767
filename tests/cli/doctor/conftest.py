"""A good project, whose API is one emulator a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.cli.doctor.setup import DoctorSetup


@pytest.fixture
def emulator(shared_emulator: EmulatorServer) -> EmulatorServer:
    """The module's emulator."""
    return shared_emulator


@pytest.fixture
def setup(tmp_path: Path, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> DoctorSetup:
    """A good project."""
    return DoctorSetup(tmp_path, emulator, monkeypatch)
