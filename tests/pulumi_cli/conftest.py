"""A project with an empty stack, whose API is the test's emulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.support.project import Project, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that all tests copy."""
    with EmulatorServer() as emulator:
        return make_template(tmp_path_factory.mktemp("engine") / "template", emulator)


@pytest.fixture
def project(template: Path, tmp_path: Path, emulator: EmulatorServer) -> Project:
    """A project of the test's own."""
    return Project.copy_template(template, tmp_path / "project", emulator)
