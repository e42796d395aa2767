"""A test server of Cloud Storage and IAM for each test, and a writer's key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.backends.gcs.gcs_setup import build_location, writer
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.gcs_server import GcsServer, gcs_server


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GcsServer]:
    monkeypatch.setattr("realtimekit_provider.storage.backends.gcs.attempts._PAUSE_SECONDS", 0)
    monkeypatch.setattr(
        "realtimekit_provider.storage.backends.gcs.service_account._PAUSE_SECONDS", 0.01
    )
    with gcs_server() as running:
        for name, value in running.environment(tmp_path).items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def secret(server: GcsServer) -> str:
    locations("gcs").create(build_location())
    return writers_of("gcs").create(writer(), 1)["secret"]
