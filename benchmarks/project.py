"""The Pulumi project of one provider: its operations, each measured."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.emulated_api import TOKEN, EmulatedApi
from benchmarks.processes import MARK, MemoryWatch

__all__ = ["OPERATIONS", "ROOT", "Project", "Sample"]

ROOT = Path(__file__).resolve().parent.parent
_LONGEST = 900
_QUIETLY = ("--non-interactive", "--color", "never", "--suppress-progress", "--suppress-outputs")
_COMMANDS = {
    "first up": ("up", "--yes", "--skip-preview"),
    "up without changes": ("up", "--yes", "--skip-preview"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "pause all": ("up", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}
OPERATIONS = tuple(_COMMANDS)
"""In the order in which they are run; the preview is the one of pausing all."""

_OF_THE_USER = ("PULUMI_", "CLOUDFLARE_", "REALTIMEKIT_")


@dataclass(frozen=True)
class Sample:
    """What one operation took.

    Attributes:
        seconds: From the command to its end.
        cpu: Seconds of all processors, in the CLI and all that it started: what else the machine
            does hardly moves them.
        calls: Requests to the API.
        peak_kib: The most memory that the provider process had.
    """

    seconds: float
    cpu: float
    calls: int
    peak_kib: int | None


class Project:
    """A provider's program with one stack, in a folder that is thrown away."""

    def __init__(
        self,
        folder: Path,
        provider: str,
        api: EmulatedApi,
        backend: str | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.provider = provider
        self._api = api
        (folder / "state").mkdir(parents=True)
        program = ROOT / "benchmarks" / "programs" / f"{provider}.py"
        shutil.copyfile(program, folder / "__main__.py")
        (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n", encoding="utf-8")
        self.environment = {**_environment(folder, api, backend), **(extra or {})}
        self.pulumi("stack", "init", "bench", "--non-interactive")
        self.set_config("realtimekit:rateLimitShare", "off")

    def set_config(self, key: str, value: str) -> None:
        """Add a setting to the stack's config."""
        self.pulumi("config", "set", key, value, "--non-interactive")

    def measure(self, operation: str, *options: str, **variables: str) -> Sample:
        """Run an operation, which must succeed.

        Args:
            operation: One of :data:`OPERATIONS`.
            options: Further options of the CLI.
            variables: Further variables of the environment.
        """
        before = self._api.count_calls()
        run = uuid.uuid4().hex
        with MemoryWatch(run) as memory:
            began, worked = time.perf_counter(), _cpu()
            self.pulumi(*_COMMANDS[operation], *_QUIETLY, *options, **variables, **{MARK: run})
            seconds = time.perf_counter() - began
        return Sample(seconds, _cpu() - worked, self._api.count_calls() - before, memory.peak_kib)

    def pulumi(self, *arguments: str, **variables: str) -> str:
        """Run the CLI, which must succeed."""
        done = subprocess.run(
            ["pulumi", *arguments],
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(
                f"{self.provider}: pulumi {arguments[0]}\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def read_resources(self) -> list[dict[str, Any]]:
        """Return what the state in a folder holds of each recording."""
        file = self.folder / "state" / ".pulumi" / "stacks" / "bench" / "bench.json"
        state = json.loads(file.read_text(encoding="utf-8"))
        resources = state["checkpoint"]["latest"].get("resources", [])
        return [
            one
            for one in resources
            if one["type"].startswith("pulumi-python:dynamic")
            and not one["type"].endswith(":StackIdentity")
        ]


def _cpu() -> float:
    """Return the seconds of all processes that this one has started and seen the end of."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment(folder: Path, api: EmulatedApi, backend: str | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_USER)}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": backend or (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "a passphrase of the benchmark",
        "CLOUDFLARE_BASE_URL": api.base_url,
        "CLOUDFLARE_API_TOKEN": TOKEN,
    }
