"""What a process loads, which is what it makes everybody wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.example_values import STORAGE, build_layers
from tests.provider_process.stack import Run, Stack
from tests.scenarios.steps import EmulatedApi

HEAVY = {"pydantic", "requests", "tenacity", "urllib3"}
VENDORS = {"asyncssh", "azure", "boto3", "botocore", "cloudflare", "google.cloud", "paramiko"}


def test_a_recording_needs_no_vendors_sdk(
    stack: Stack, run: Run, emulated_api: EmulatedApi
) -> None:
    """Credentials are passed on; nobody here speaks to a bucket."""
    stack.created(run, meeting_id=emulated_api.meeting_id, layers=build_layers(STORAGE["aws"]))
    modules = run.provider.modules()
    assert "requests" in modules
    assert not VENDORS & modules
    assert not any(name.startswith("realtimekit_emulator") for name in modules)


def test_what_was_loaded_is_no_work_for_the_collector(
    stack: Stack, run: Run, emulated_api: EmulatedApi
) -> None:
    """It passes over that, and goes on for everything else."""
    assert run.provider.collector() == [True, False]
    stack.created(run, meeting_id=emulated_api.meeting_id)
    assert run.provider.collector() == [True, True]


def test_a_preview_loads_no_http(stack: Stack, run: Run, emulated_api: EmulatedApi) -> None:
    """Check and diff call nobody, so they do not wait for what calls."""
    stack.checked(run, meeting_id=emulated_api.meeting_id)
    assert not {"requests", "urllib3"} & run.provider.modules()


def test_a_program_loads_neither_http_nor_models() -> None:
    """Importing the package adds nearly nothing to importing pulumi itself."""
    program = f"import sys, realtimekit_provider; print({HEAVY} & sys.modules.keys())"
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "set()"
