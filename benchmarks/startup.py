"""What importing costs, in time and in memory: ours against the libraries that it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from benchmarks.project import ROOT
from benchmarks.results import Spread

__all__ = ["IMPORTS", "OURS", "Startup", "measure_imports"]

IMPORTS = {
    "the libraries that it needs": "pulumi.dynamic, requests, pydantic.main",
    "the package, as a program imports it": "realtimekit_provider",
    "the package, as the provider process loads it for a call": (
        "realtimekit_provider.providers, "
        "realtimekit_provider.recordings.controller, realtimekit_provider.engine.api_client"
    ),
    "Cloudflare's SDK, as the naive provider imports it": "pulumi.dynamic, cloudflare",
}
"""What is imported, by what it is; the first is what the others are held against."""

OURS = frozenset(name for name in IMPORTS if name.startswith("the package"))
"""Those that have a goal."""

_PROGRAM = """
import json, sys, time
began = time.perf_counter()
import {modules}
seconds = time.perf_counter() - began
# Not getrusage: its peak begins with what the parent had.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps([seconds, int(peak)]))
"""


@dataclass(frozen=True)
class Startup:
    """The seconds and MiB of an import, each also against the first of :data:`IMPORTS`."""

    seconds: Spread
    mib: Spread
    time_ratio: Spread
    memory_ratio: Spread


def measure_imports(repetitions: int) -> dict[str, Startup]:
    """Import everything in turns, each time in a process of its own."""
    for modules in IMPORTS.values():
        _import(modules)
    turns = [[_import(modules) for modules in IMPORTS.values()] for _ in range(repetitions)]
    return {name: _startup(at, turns) for at, name in enumerate(IMPORTS)}


def _startup(at: int, turns: list[list[tuple[float, float]]]) -> Startup:
    return Startup(
        Spread.of([turn[at][0] for turn in turns]),
        Spread.of([turn[at][1] for turn in turns]),
        Spread.of([turn[at][0] / turn[0][0] for turn in turns]),
        Spread.of([turn[at][1] / turn[0][1] for turn in turns]),
    )


def _import(modules: str) -> tuple[float, float]:
    program = _PROGRAM.format(modules=modules)
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds, kib = json.loads(finished.stdout)
    return seconds, kib / 1024
