"""One Azurite for all tests; each has a container of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from realtimekit_provider.storage.backends.azure import container_lease, location_backend
from tests.shared_servers import get_azurite
from tests.storage.backends.azure.azure_setup import (
    build_location,
    writer,
)
from tests.storage.locations import locations
from tests.storage.writers import writers_of
from tools.test_servers.azurite import Azurite


@pytest.fixture
def azurite(monkeypatch: pytest.MonkeyPatch) -> Azurite:
    running = get_azurite()
    for name in ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    for module in (container_lease, location_backend):
        monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.05)
    return running


@pytest.fixture
def name() -> str:
    """A container of the test's own."""
    return f"acme-{secrets.token_hex(6)}"


@pytest.fixture
def admin(azurite: Azurite) -> Iterator[Any]:
    with azurite.client() as client:
        yield client


@pytest.fixture
def access_key(azurite: Azurite, name: str) -> str:
    locations("azure").create(build_location(name))
    return writers_of("azure").create(writer(name), 1)["access_key"]
