"""A project with a pipeline of its own, for the short tests and the long loops."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pipelines.pipeline import Pipeline
from tests.pulumi_cli.support.project import Project, make_template
from tools.test_servers.github import running_github


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an empty stack, which tests copy."""
    with EmulatorServer() as emulator:
        return make_template(tmp_path_factory.mktemp("pipelines") / "template", emulator)


@pytest.fixture
def pipeline(template: Path, tmp_path: Path, emulator: EmulatorServer) -> Iterator[Pipeline]:
    """A project, its repository, and the runner of its workflows."""
    project = Project.copy_template(template, tmp_path / "project", emulator)
    with running_github() as github:
        yield Pipeline(tmp_path, project, github)
