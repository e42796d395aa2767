"""The ratios of the last full run, as a file beside the docs, and whether a new run keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.project import ROOT
from benchmarks.results import Results

__all__ = ["FILE", "Ratios", "extract_ratios", "find_regressions", "read_ratios", "write_ratios"]

FILE = ROOT / "docs" / "performance.json"
_TOLERANCE = 1.15
"""A ratio of two times on a busy machine moves by some percent; what is worse than this is news."""

Ratios = dict[str, dict[str, float]]


def extract_ratios(results: Results) -> Ratios:
    """Return every ratio of times, calls and memory, by what it is of; no time is among them."""
    ratios: Ratios = {}
    for size, operation in results.list_rows("at once"):
        ours = results.get_series("at once", size, operation, "ours")
        for other in ("noop", "naive"):
            other_series = results.get_series("at once", size, operation, other)
            time = results.compute_ratio("at once", size, operation, other)
            if ours is None or other_series is None or time is None:
                continue
            cpu = results.compute_ratio("at once", size, operation, other, "cpu")
            found = {"time": round(time.median, 3)}
            if cpu is not None:
                found["cpu"] = round(cpu.median, 3)
            if ours.peak_mib and other_series.peak_mib:
                found["memory"] = round(ours.peak_mib / other_series.peak_mib, 3)
            found["calls"] = ours.calls
            ratios[f"{operation}, {size}, against {other}"] = found
    return ratios


def write_ratios(ratios: Ratios) -> None:
    """Keep the ratios of a full run."""
    FILE.write_text(json.dumps(ratios, indent=2) + "\n", encoding="utf-8")


def read_ratios() -> Ratios:
    """Return the ratios of the last full run.

    Raises:
        SystemExit: There was none.
    """
    if not FILE.exists():
        raise SystemExit(f"{FILE.name} does not exist yet: run `make bench` first")
    kept: Ratios = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


def find_regressions(now: Ratios, before: Ratios) -> Iterator[str]:
    """Yield what costs clearly more than it did: calls at all, time and memory beyond noise."""
    for what in sorted(now.keys() & before.keys()):
        for kind, ratio in now[what].items():
            allowed = before[what].get(kind, ratio) * (1.0 if kind == "calls" else _TOLERANCE)
            if ratio > allowed:
                yield f"{what}: {kind} was {before[what][kind]:g}, and is {ratio:g}"
