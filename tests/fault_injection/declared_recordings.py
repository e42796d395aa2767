"""What the campaigns' real deployments declare, and where they look for its credentials.

Each recording goes to a bucket whose credentials are canaries, and a recording that is stopped
too early, or whose credential is not the one that was declared, loses its file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from realtimekit_emulator import Access, EmulatorServer
from tests.fault_injection.credential_checking_uploader import Vault
from tests.fault_injection.faults import CANARY
from tests.fault_injection.invariants import Violation
from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import TIMING

__all__ = ["declare", "leaks", "running_api"]

_SHORTEST = 1.0
_CREDENTIALS = {"access_key": f"{CANARY}-key", "secret": f"{CANARY}-of-the-storage"}
_STORAGE = {
    "type": "digitalocean",
    "bucket": "recordings",
    "region": "fra1",
    **{key: {"fromConfig": key} for key in _CREDENTIALS},
}
_LAYERS = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": _STORAGE}]}}


@contextlib.contextmanager
def running_api(*apps: str, shortest: float = _SHORTEST) -> Iterator[EmulatorServer]:
    """Run an emulator whose token is a canary, and whose files come only from good credentials.

    A recording of less than ``shortest`` seconds, its pauses not counted, leaves no file.
    """
    access = Access(tokens={f"{CANARY}-of-the-api"})
    access = replace(access, apps=apps) if apps else access
    vault = Vault(lambda storage: _CREDENTIALS.items() <= storage.items())
    with EmulatorServer(access=access, uploaders={"digitalocean": vault}) as emulator:
        emulator.control.set(minimum_seconds=shortest)
        yield emulator


def declare(project: Project, recordings: Mapping[str, Mapping[str, Any]]) -> None:
    """Write recordings into the stack's config, with their credentials encrypted."""
    declared = {name: {"layers": _LAYERS, **one} for name, one in recordings.items()}
    bounds = {**TIMING, "minimum_length": _SHORTEST}
    project.write_config({"realtimekit:recordings": declared, "realtimekit:timing": bounds})
    project.encrypt(**{f"realtimekit:{key}": value for key, value in _CREDENTIALS.items()})


def leaks(project: Project, *printed: str) -> Iterator[Violation]:
    """Yield where a credential is in clear: in what was printed, or in any file of the project."""
    if any(CANARY in text for text in printed):
        yield Violation("leak", "a credential is in what the engine printed")
    for file in project.folder.rglob("*"):
        if file.is_file() and ".venv" not in file.parts and CANARY.encode() in file.read_bytes():
            yield Violation("leak", f"a credential is in {file.relative_to(project.folder)}")
