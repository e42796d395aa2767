"""What has a goal, in one table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from benchmarks.findings import Findings
from benchmarks.limits import LimitedStarts
from benchmarks.reports.markdown import (
    format_ratio,
    format_seconds,
    mark_excess,
    mark_missed_goal,
    render_table,
)
from benchmarks.results import Results
from benchmarks.workloads import COMPARED_OPERATIONS, IMMEDIATE, LATENCY, PARALLEL, SLOW, slow_api

__all__ = ["BYTES", "CPU", "LIMITS", "WITH_LATENCY", "render_goals"]

CPU = 1.15
"""Our processor time against that of noop, the median of all rounds."""
BYTES = 400
"""Of a recording in the state, beyond noop."""
LIMITS = 1.1
"""Seconds of starts under the limits against those that the limits require."""
WITH_LATENCY = 1.3
"""Seconds of starts against noop's and those of their calls, as many as run at once."""

_SIZES = (10, 100)
_STARTS_WITH_LATENCY = 100


def render_goals(findings: Findings) -> str:
    """Return each number that has a goal, with what else was seen of it."""
    rows = [
        *_build_cpu_rows(findings.results),
        *_build_bytes_rows(findings.results),
        *(_build_limits_row(one) for one in findings.limited if one.stacks == 1),
        *_build_latency_rows(findings.results),
    ]
    return render_table("what | rounds | measured | goal | beside it", rows)


def _build_cpu_rows(results: Results) -> Iterator[list[str]]:
    for size, operation in itertools.product(_SIZES, COMPARED_OPERATIONS):
        ours, noop = (
            results.get_series(IMMEDIATE, size, operation, name) for name in ("ours", "noop")
        )
        if ours and noop:
            cpu = results.compute_ratio(IMMEDIATE, size, operation, "noop", "cpu")
            time = format_ratio(results.compute_ratio(IMMEDIATE, size, operation, "noop"), None)
            yield [
                f"{operation}, {size} recordings: processor time, ours ÷ noop",
                str(len(ours.samples)),
                format_ratio(cpu, CPU),
                f"{CPU:.2f}",
                f"{format_seconds(ours)} s, noop {format_seconds(noop)} s, ratio {time}",
            ]


def _build_bytes_rows(results: Results) -> Iterator[list[str]]:
    for size in _SIZES:
        ours, noop = (results.state_sizes.get((IMMEDIATE, size, name)) for name in ("ours", "noop"))
        if ours and noop:
            yield [
                f"bytes of a recording in a state of {size}, beyond noop",
                "–",
                mark_excess(ours[0] - noop[0], BYTES),
                str(BYTES),
                f"{ours[0]}, noop {noop[0]}",
            ]


def _build_limits_row(starts: LimitedStarts) -> list[str]:
    seen = (
        f"{starts.seconds:.0f} s, the limits require {starts.required_seconds:.0f} s; "
        f"{starts.refused} of {starts.calls} calls refused"
    )
    return [
        f"{starts.recordings} starts in one stack ÷ what the limits require",
        "1",
        mark_missed_goal(starts.seconds / starts.required_seconds, LIMITS),
        f"{LIMITS:.2f}",
        seen,
    ]


def _build_latency_rows(results: Results) -> Iterator[list[str]]:
    size, operation = _STARTS_WITH_LATENCY, "first up"
    ours = results.get_series(SLOW, size, operation, "ours")
    noop = results.get_series(SLOW, size, operation, "noop")
    if ours and noop:
        workers = slow_api({}).count_workers(operation)
        ratio = results.compare_with_latency(SLOW, size, operation, LATENCY / workers)
        bound = f"calls × 80 ms ÷ {workers} + noop"
        yield [
            f"{size} starts after 80 ms, `--parallel {PARALLEL}` ÷ ({bound})",
            str(len(ours.samples)),
            format_ratio(ratio, WITH_LATENCY),
            f"{WITH_LATENCY:.2f}",
            f"{format_seconds(ours)} s, noop {format_seconds(noop)} s; {ours.calls} calls",
        ]
