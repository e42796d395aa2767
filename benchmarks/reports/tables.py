"""Tables of what was measured, for the terminal and for docs/performance.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from benchmarks.ended_recordings import EndedRefresh
from benchmarks.limits import CALLS_OF_A_TOKEN, LimitedStarts
from benchmarks.reports.goals import CPU, LIMITS, WITH_LATENCY
from benchmarks.reports.markdown import (
    format_mib,
    format_ratio,
    format_seconds,
    mark_excess,
    mark_missed_goal,
    render_table,
)
from benchmarks.results import Results, Series
from benchmarks.startup import OURS, Startup
from benchmarks.workloads import IMMEDIATE, LATENCY, SLOW, slow_api

__all__ = [
    "render_bucket_state",
    "render_comparison",
    "render_ended_refreshes",
    "render_growth",
    "render_imports",
    "render_latency",
    "render_limited_starts",
    "render_planning_numbers",
    "render_state_sizes",
]

_IMPORTS = 1.15
_CALLS = 10
"""Those of a refresh to which most of a thousand recordings are known as ended."""


def render_comparison(results: Results) -> str:
    """Return ours beside the no-op and the naive provider, the API answering at once."""
    return render_table(
        "recordings | operation | CPU | noop | ours | naive | ours ÷ noop | ours ÷ naive | "
        "calls: ours | naive | peak MiB: noop | ours | naive",
        list(_build_comparison_rows(results)),
    )


def _build_comparison_rows(results: Results) -> Iterator[list[str]]:
    for size, operation in results.list_rows(IMMEDIATE):
        noop, ours, naive = (
            results.get_series(IMMEDIATE, size, operation, name)
            for name in ("noop", "ours", "naive")
        )
        if noop and ours:
            yield [
                str(size),
                operation,
                format_ratio(results.compute_ratio(IMMEDIATE, size, operation, "noop", "cpu"), CPU),
                *(_format_optional(format_seconds, one) for one in (noop, ours, naive)),
                format_ratio(results.compute_ratio(IMMEDIATE, size, operation, "noop"), None),
                format_ratio(results.compute_ratio(IMMEDIATE, size, operation, "naive"), 1.0),
                mark_excess(ours.calls, naive.calls if naive else ours.calls),
                str(naive.calls) if naive else "–",
                *(_format_optional(format_mib, one) for one in (noop, ours, naive)),
            ]


def _format_optional(write: Callable[[Series], str], series: Series | None) -> str:
    return "–" if series is None else write(series)


def render_latency(results: Results) -> str:
    """Return ours, noop and the naive provider where each answer takes 80 ms."""
    rows = []
    for size, operation in results.list_rows(SLOW):
        noop, ours, naive = (
            results.get_series(SLOW, size, operation, name) for name in ("noop", "ours", "naive")
        )
        if ours is None or noop is None:
            continue
        workers = slow_api({}).count_workers(operation)
        ratio = results.compare_with_latency(SLOW, size, operation, LATENCY / workers)
        rows.append(
            [
                str(size),
                operation,
                *(_format_optional(format_seconds, one) for one in (noop, ours, naive)),
                format_ratio(results.compute_ratio(SLOW, size, operation, "naive"), 1.0),
                str(workers),
                format_ratio(ratio, WITH_LATENCY),
            ]
        )
    heads = "recordings | operation | noop | ours | naive | ours ÷ naive | at once"
    return render_table(f"{heads} | ours ÷ (calls × 80 ms ÷ at once + noop)", rows)


def render_growth(results: Results) -> str:
    """Return the milliseconds that a recording costs, and those beyond noop, by size."""
    rows = []
    for size, operation in results.list_rows(IMMEDIATE):
        ours = results.get_series(IMMEDIATE, size, operation, "ours")
        noop = results.get_series(IMMEDIATE, size, operation, "noop")
        if ours and noop and size > 1:
            beyond = ours.seconds.median - noop.seconds.median
            rows.append(
                [
                    operation,
                    str(size),
                    f"{1000 * ours.seconds.median / size:.0f}",
                    f"{1000 * beyond / size:.1f}",
                    format_ratio(results.compute_ratio(IMMEDIATE, size, operation, "noop"), None),
                ]
            )
    operations = list(dict.fromkeys(row[0] for row in rows))
    rows.sort(key=lambda row: operations.index(row[0]))
    heads = "operation | recordings | ms a recording | of these beyond noop | ours ÷ noop"
    return render_table(heads, rows)


def render_state_sizes(results: Results) -> str:
    """Return the bytes that a recording takes in the state."""
    rows = [
        [workload, str(size), name, str(whole), str(outputs) if name != "naive" else "–"]
        for (workload, size, name), (whole, outputs) in results.state_sizes.items()
        if workload != SLOW
    ]
    return render_table(
        "set | recordings | whose | bytes a recording | of these computed outputs", rows
    )


def render_limited_starts(measured: Iterable[LimitedStarts]) -> str:
    """Return what starting under the published limits took."""
    rows = [
        [
            f"{one.stacks} × {one.recordings}",
            f"{one.share:g}",
            str(one.calls),
            mark_excess(one.refused, 0) if one.has_shared_limits else str(one.refused),
            f"{one.seconds:.0f}",
            f"{one.required_seconds:.0f}",
            mark_missed_goal(one.seconds / one.required_seconds, LIMITS)
            if one.has_shared_limits and one.required_seconds
            else "–",
        ]
        for one in measured
    ]
    heads = "stacks × starts | `realtimekit:rateLimitShare` | calls | refused by 429 | seconds"
    return render_table(f"{heads} | the limits require | ratio", rows)


def render_ended_refreshes(measured: Iterable[EndedRefresh]) -> str:
    """Return what refreshing recordings costs of which most have ended."""
    rows = [
        [
            str(one.recordings),
            str(one.ended),
            str(one.calls_of_first),
            mark_excess(one.calls, _CALLS),
            f"{one.seconds:.2f}",
        ]
        for one in measured
    ]
    heads = "recordings | ended | calls of the refresh that first sees them ended"
    return render_table(f"{heads} | calls of the next | seconds of the next", rows)


def render_imports(measured: Mapping[str, Startup]) -> str:
    """Return what importing costs."""
    rows = [
        [
            name,
            f"{1000 * one.seconds.median:.0f}",
            format_ratio(one.time_ratio, _IMPORTS if name in OURS else None),
            f"{one.mib.median:.0f}",
            format_ratio(one.memory_ratio, _IMPORTS if name in OURS else None),
        ]
        for name, one in measured.items()
    ]
    return render_table("import | ms | ratio | MiB | ratio", rows)


def render_bucket_state(results: Results) -> str:
    """Return the operations whose state lies in a bucket."""
    rows = []
    for size, operation in results.list_rows("bucket"):
        noop = results.get_series("bucket", size, operation, "noop")
        ours = results.get_series("bucket", size, operation, "ours")
        if noop and ours:
            ratio = format_ratio(results.compute_ratio("bucket", size, operation, "noop"), None)
            rows.append([str(size), operation, format_seconds(noop), format_seconds(ours), ratio])
    return render_table("recordings | operation | noop | ours | ours ÷ noop", rows)


def render_planning_numbers(results: Results) -> str:
    """Return what to plan a stack by: seconds and calls, with latency where that was measured."""
    late = {size: SLOW for size, _ in results.list_rows(SLOW)}
    larger = {
        size: IMMEDIATE for size, _ in results.list_rows(IMMEDIATE) if size > max(late, default=0)
    }
    rows = [_build_plan_row(results, workload, size) for size, workload in (late | larger).items()]
    heads = "recordings a stack | the API answers | first `up`: time, calls"
    budget = f"share of the token's {CALLS_OF_A_TOKEN} calls in 5 minutes"
    return render_table(f"{heads} | {budget} | no changes | refresh | destroy", rows)


def _build_plan_row(results: Results, workload: str, size: int) -> list[str]:
    first, *others = (
        results.get_series(workload, size, operation, "ours")
        for operation in ("first up", "up without changes", "refresh", "destroy")
    )
    return [
        str(size),
        "after 80 ms" if workload == SLOW else workload,
        _format_time_and_calls(first),
        f"{100 * first.calls / CALLS_OF_A_TOKEN:.0f} %" if first else "–",
        *map(_format_time_and_calls, others),
    ]


def _format_time_and_calls(series: Series | None) -> str:
    return f"{series.seconds.median:.0f} s, {series.calls}" if series else "–"
