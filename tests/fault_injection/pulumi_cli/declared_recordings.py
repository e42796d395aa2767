"""The recordings that real deployments declare, and the search for their credentials.

Each recording is written to a bucket whose credentials are canaries. It loses its file if it is
stopped too early, or if its credential is not the declared one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from realtimekit_emulator import Access, EmulatorServer
from tests.fault_injection.case_runner.credential_checking_uploader import (
    CredentialCheckingUploader,
)
from tests.fault_injection.cases.faults import CANARY
from tests.fault_injection.invariants import Violation
from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import TIMING

__all__ = ["declare", "find_leaks_of", "running_api"]

_MINIMUM_LENGTH = 1.0
_CREDENTIALS = {"access_key": f"{CANARY}-key", "secret": f"{CANARY}-of-the-storage"}
_STORAGE = {
    "type": "digitalocean",
    "bucket": "recordings",
    "region": "fra1",
    **{key: {"fromConfig": key} for key in _CREDENTIALS},
}
_LAYERS = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": _STORAGE}]}}


@contextlib.contextmanager
def running_api(*apps: str, minimum_length: float = _MINIMUM_LENGTH) -> Iterator[EmulatorServer]:
    """Run an emulator whose token is a canary, and which uploads only with valid credentials.

    Args:
        *apps: The ids of its apps; without any, it has the default one.
        minimum_length: The seconds that a recording must last, without its pauses, to have a file.
    """
    access = Access(tokens={f"{CANARY}-of-the-api"})
    access = replace(access, apps=apps) if apps else access
    uploader = CredentialCheckingUploader(lambda config: _CREDENTIALS.items() <= config.items())
    with EmulatorServer(access=access, uploaders={"digitalocean": uploader}) as emulator:
        emulator.control.set(minimum_seconds=minimum_length)
        yield emulator


def declare(project: Project, recordings: Mapping[str, Mapping[str, Any]]) -> None:
    """Write recordings into the stack's config, with their credentials encrypted."""
    declared = {name: {"layers": _LAYERS, **inputs} for name, inputs in recordings.items()}
    timing = {**TIMING, "minimum_length": _MINIMUM_LENGTH}
    project.write_config({"realtimekit:recordings": declared, "realtimekit:timing": timing})
    project.encrypt(**{f"realtimekit:{key}": value for key, value in _CREDENTIALS.items()})


def find_leaks_of(project: Project, *outputs: str) -> Iterator[Violation]:
    """Yield where a credential is in clear: in the CLI's outputs, or in a file of the project."""
    if any(CANARY in text for text in outputs):
        yield Violation("leak", "a credential is in what the engine printed")
    for file in project.folder.rglob("*"):
        if file.is_file() and ".venv" not in file.parts and CANARY.encode() in file.read_bytes():
            yield Violation("leak", f"a credential is in {file.relative_to(project.folder)}")
