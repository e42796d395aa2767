"""A project, an emulator with real uploads, and a test server for every cloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.shared_servers import get_azurite, get_moto
from tools.test_servers.azurite import find_azurite
from tools.test_servers.gcs_server import gcs_server
from tools.test_servers.sftp_server import sftp_server
from tools.test_servers.sshd import find_sshd, openssh_server


@pytest.fixture(scope="session")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    """The test servers, shared by all tests: each storage has its own bucket."""
    with ExitStack() as running:
        ssh = openssh_server(tmp_path_factory.mktemp("openssh")) if find_sshd() else None
        yield Clouds(
            moto=get_moto(),
            gcs_server=running.enter_context(gcs_server()),
            sftp_server=running.enter_context(sftp_server(tmp_path_factory.mktemp("sftp"))),
            azurite=get_azurite() if find_azurite() else None,
            openssh=running.enter_context(ssh) if ssh else None,
        )


@pytest.fixture
def emulator(clouds: Clouds) -> Iterator[EmulatorServer]:
    """An emulator of the test's own, whose recordings are uploaded to the test servers."""
    with EmulatorServer(uploaders=clouds.create_uploaders()) as server:
        yield server


@pytest.fixture
def project(
    template: Path, tmp_path: Path, emulator: EmulatorServer, clouds: Clouds
) -> StorageProject:
    """A project of the test's own, deployed by an administrator of every cloud."""
    return StorageProject.create(template, tmp_path / "project", emulator, clouds)
