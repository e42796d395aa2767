"""The modules that a process loads, which take most of its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.example_values import STORAGE, build_layers
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi

HEAVY = {"pydantic", "requests", "tenacity", "urllib3"}
COMMAND_LINE = {"click", "rich"}
VENDORS = {"asyncssh", "azure", "boto3", "botocore", "cloudflare", "google.cloud", "paramiko"}


@pytest.fixture
def stack(emulator: EmulatorServer) -> ProviderStack:
    """A stack whose processes have loaded nothing when they start."""
    return ProviderStack(emulator, packages=())


def test_a_recording_needs_no_vendors_sdk(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Credentials are passed on; no bucket is called."""
    stack.create(
        deployment, meeting_id=emulated_api.meeting_id, layers=build_layers(STORAGE["aws"])
    )
    modules = deployment.provider.list_modules()
    assert "requests" in modules
    assert not (VENDORS | COMMAND_LINE) & modules
    assert not any(name.startswith("realtimekit_emulator") for name in modules)


def test_the_collector_skips_what_was_loaded(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """It continues for everything else."""
    assert deployment.provider.get_collector_state() == [True, False]
    stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert deployment.provider.get_collector_state() == [True, True]


def test_a_preview_loads_no_http(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Check and diff make no call, so they do not load what calls need."""
    stack.check(deployment, meeting_id=emulated_api.meeting_id)
    assert not {"requests", "urllib3"} & deployment.provider.list_modules()


def test_a_program_loads_neither_http_nor_models_nor_the_command_line() -> None:
    """Importing the package adds nearly nothing to importing pulumi itself."""
    heavy = HEAVY | COMMAND_LINE
    program = f"import sys, realtimekit_provider; print({heavy} & sys.modules.keys())"
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "set()"
