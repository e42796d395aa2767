"""The part of docs/performance.md that a run writes, between two markers."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence

from benchmarks.findings import Findings
from benchmarks.project import ROOT
from benchmarks.reports import goals, tables

__all__ = ["FILE", "render_measurements", "write_page"]

FILE = ROOT / "docs" / "performance.md"
_BEGIN = "<!-- what `make bench` writes: begin -->"
_END = "<!-- what `make bench` writes: end -->"


def render_measurements(findings: Findings) -> str:
    """Return the tables of a run, each under its heading, and what it left out."""
    results = findings.results
    sections = {
        "Goals": goals.render_goals(findings),
        "The API answers at once": tables.render_comparison(results),
        "The API answers after 80 ms": tables.render_latency(results),
        "Growth": tables.render_growth(results),
        "Bytes of state": tables.render_state_sizes(results),
        "The published limits": tables.render_limited_starts(findings.limited),
        "Refresh of what has ended": tables.render_ended_refreshes(findings.ended),
        "State in a bucket": tables.render_bucket_state(results),
        "Importing": tables.render_imports(findings.imports),
        "Numbers to plan by": tables.render_planning_numbers(results),
    }
    parts = [f"### {heading}\n\n{table}" for heading, table in sections.items() if table]
    return "\n\n".join([*_preface(findings.skipped), *parts])


def _preface(skipped: Sequence[str]) -> Iterator[str]:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    yield f"Measured on {machine}. Times are seconds."
    if skipped:
        yield f"Not measured in this run, for time: {'; '.join(skipped)}."


def write_page(text: str) -> None:
    """Put the tables between the markers."""
    page = FILE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    FILE.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}", encoding="utf-8")
