"""Three stacks and an emulated API, seen by a command that runs in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.cli.command_line import write_project
from tests.cli.inventory.api_recordings import ApiRecordings
from tests.cli.inventory.stacks import FakePulumi, StackBuilder

CONFIG = "config:\n  realtimekit:recordings: {}\n"


@pytest.fixture
def emulator(shared_emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> EmulatorServer:
    """The module's emulator, as the environment names it."""
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", shared_emulator.token)
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", shared_emulator.base_url)
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", shared_emulator.account_id)
    monkeypatch.setenv("REALTIMEKIT_APP_ID", shared_emulator.app_id)
    return shared_emulator


@pytest.fixture
def api(emulator: EmulatorServer) -> ApiRecordings:
    """The recordings of its app."""
    return ApiRecordings(emulator)


@pytest.fixture
def stacks(emulator: EmulatorServer) -> dict[str, StackBuilder]:
    """The stacks of the backend: prod, staging and dev, without recordings."""
    app = (emulator.account_id, emulator.app_id)
    names = {"prod": "1d3a7c5e", "staging": "2e4b8d6f", "dev": "3f5c9e70"}
    return {name: StackBuilder(name, identity, *app) for name, identity in names.items()}


@pytest.fixture
def pulumi(stacks: dict[str, StackBuilder], monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """The CLI with the stacks."""
    fake = FakePulumi([*stacks.values()])
    monkeypatch.setattr("realtimekit_provider.cli.list.PulumiCli", fake)
    return fake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project; one of its stacks leaves recordings running."""
    leave = f"{CONFIG}  realtimekit:onDelete: leave\n"
    return write_project(tmp_path, prod=CONFIG, staging=CONFIG, dev=leave)
