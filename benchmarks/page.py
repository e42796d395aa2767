"""The part of docs/performance.md that a run writes, between two markers."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence

from benchmarks import report
from benchmarks.findings import Findings
from benchmarks.project import ROOT

__all__ = ["FILE", "measured_part", "write"]

FILE = ROOT / "docs" / "performance.md"
_BEGIN = "<!-- what `make bench` writes: begin -->"
_END = "<!-- what `make bench` writes: end -->"


def measured_part(findings: Findings) -> str:
    """Return the tables of a run, each under its heading, and what it left out."""
    results = findings.results
    tables = {
        "The API answers at once": report.main_table(results),
        "The API answers after 80 ms": report.latency(results),
        "Growth": report.growth(results),
        "Bytes of state": report.state(results),
        "The published limits": report.limits(findings.limited),
        "Refresh of what has ended": report.ended(findings.ended),
        "State in a bucket": report.shared(results),
        "Importing": report.startup(findings.imports),
        "Numbers to plan by": report.plan(results),
    }
    parts = [f"### {heading}\n\n{table}" for heading, table in tables.items() if table]
    return "\n\n".join([*_preface(findings.left_out), *parts])


def _preface(left_out: Sequence[str]) -> Iterator[str]:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    yield f"Measured on {machine}. Times are seconds."
    if left_out:
        yield f"Not measured in this run, for time: {'; '.join(left_out)}."


def write(text: str) -> None:
    """Put the tables between the markers."""
    page = FILE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    FILE.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}", encoding="utf-8")
