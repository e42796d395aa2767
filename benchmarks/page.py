"""The part of docs/performance.md that a run writes, between two markers."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence

from benchmarks import report
from benchmarks.limits import Limited
from benchmarks.project import ROOT
from benchmarks.results import Results
from benchmarks.startup import Startup

__all__ = ["FILE", "measured_part", "write"]

FILE = ROOT / "docs" / "performance.md"
_BEGIN = "<!-- what `make bench` writes: begin -->"
_END = "<!-- what `make bench` writes: end -->"


def measured_part(
    results: Results, imports: Mapping[str, Startup], limited: Sequence[Limited]
) -> str:
    """Return the tables of a run, each under its heading."""
    tables = {
        "The API answers at once": report.main_table(results),
        "The API answers after 80 ms": report.latency(results),
        "Growth": report.growth(results),
        "Bytes of state": report.state(results),
        "The published limits": report.limits(limited),
        "State in a bucket": report.shared(results),
        "Importing": report.startup(imports),
        "Numbers to plan by": report.plan(results),
    }
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    parts = [f"### {heading}\n\n{table}" for heading, table in tables.items()]
    return "\n\n".join([f"Measured on {machine}. Times are seconds.", *parts])


def write(text: str) -> None:
    """Put the tables between the markers."""
    page = FILE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    FILE.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}", encoding="utf-8")
