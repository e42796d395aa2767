"""Tables of what was measured, for the terminal and for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.ended_recordings import EndedRefresh
from benchmarks.limits import CALLS_OF_A_TOKEN, LimitedStarts
from benchmarks.results import Results, Series, Spread
from benchmarks.runner import WORKERS
from benchmarks.startup import OURS, Startup
from benchmarks.workloads import LATENCY

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

_GOAL = 1.15
_GOAL_OF_CALLS = 10
"""Those of a refresh to which most of a thousand recordings are known as ended."""


def render_comparison(results: Results) -> str:
    """Return ours beside the no-op and the naive provider, the API answering at once."""
    return _render_table(
        "recordings | operation | noop | ours | naive | ours ÷ noop | ours ÷ naive | CPU | "
        "calls: ours | naive | peak MiB: noop | ours | naive",
        list(_build_comparison_rows(results)),
    )


def _build_comparison_rows(results: Results) -> Iterator[list[str]]:
    for size, operation in results.list_rows("at once"):
        noop, ours, naive = (
            results.get_series("at once", size, operation, name)
            for name in ("noop", "ours", "naive")
        )
        if noop and ours and naive:
            yield [
                str(size),
                operation,
                *(_format_seconds(one) for one in (noop, ours, naive)),
                _format_ratio(results.compute_ratio("at once", size, operation, "noop"), _GOAL),
                _format_ratio(results.compute_ratio("at once", size, operation, "naive"), 1.0),
                _format_ratio(
                    results.compute_ratio("at once", size, operation, "noop", "cpu"), None
                ),
                _mark_excess(ours.calls, naive.calls),
                str(naive.calls),
                *(_format_mib(one) for one in (noop, ours, naive)),
            ]


def render_latency(results: Results) -> str:
    """Return ours and the naive provider where each answer takes 80 ms."""
    rows = []
    for size, operation in results.list_rows("80 ms"):
        ours = results.get_series("80 ms", size, operation, "ours")
        naive = results.get_series("80 ms", size, operation, "naive")
        noop = results.get_series("at once", size, operation, "noop")
        if ours is None or noop is None:
            continue
        budget = ours.calls * LATENCY / WORKERS + noop.seconds.median
        rows.append(
            [
                str(size),
                operation,
                _format_seconds(ours),
                _format_seconds(naive) if naive else "–",
                _format_ratio(results.compute_ratio("80 ms", size, operation, "naive"), 1.0),
                f"{budget:.1f}",
                _mark_missed_goal(ours.seconds.median / budget, 1.25),
            ]
        )
    heads = "recordings | operation | ours | naive | ours ÷ naive | calls × 80 ms ÷ 4 + noop"
    return _render_table(f"{heads} | ours ÷ that", rows)


def render_growth(results: Results) -> str:
    """Return the milliseconds that a recording costs, and those beyond noop, by size."""
    rows = []
    for size, operation in results.list_rows("at once"):
        ours = results.get_series("at once", size, operation, "ours")
        noop = results.get_series("at once", size, operation, "noop")
        if ours and noop and size > 1:
            beyond = ours.seconds.median - noop.seconds.median
            rows.append(
                [
                    operation,
                    str(size),
                    f"{1000 * ours.seconds.median / size:.0f}",
                    f"{1000 * beyond / size:.1f}",
                    _format_ratio(results.compute_ratio("at once", size, operation, "noop"), _GOAL),
                ]
            )
    operations = list(dict.fromkeys(row[0] for row in rows))
    rows.sort(key=lambda row: operations.index(row[0]))
    heads = "operation | recordings | ms a recording | of these beyond noop | ours ÷ noop"
    return _render_table(heads, rows)


def render_state_sizes(results: Results) -> str:
    """Return the bytes that a recording takes in the state."""
    rows = [
        [workload, str(size), name, str(whole), str(outputs) if name != "naive" else "–"]
        for (workload, size, name), (whole, outputs) in results.state_sizes.items()
        if workload != "80 ms"
    ]
    return _render_table(
        "set | recordings | whose | bytes a recording | of these computed outputs", rows
    )


def render_limited_starts(measured: Iterable[LimitedStarts]) -> str:
    """Return what starting under the published limits took."""
    rows = [
        [
            f"{one.stacks} × {one.recordings}",
            f"{one.share:g}",
            str(one.calls),
            _mark_excess(one.refused, 0) if one.shares_limits else str(one.refused),
            f"{one.seconds:.0f}",
            f"{one.required_seconds:.0f}",
            _mark_missed_goal(one.seconds / one.required_seconds, 1.1)
            if one.shares_limits and one.required_seconds
            else "–",
        ]
        for one in measured
    ]
    heads = "stacks × starts | `realtimekit:rateLimitShare` | calls | refused by 429 | seconds"
    return _render_table(f"{heads} | the limits require | ratio", rows)


def render_ended_refreshes(measured: Iterable[EndedRefresh]) -> str:
    """Return what refreshing recordings costs of which most have ended."""
    rows = [
        [
            str(one.recordings),
            str(one.ended),
            str(one.calls_of_first),
            _mark_excess(one.calls, _GOAL_OF_CALLS),
            f"{one.seconds:.2f}",
        ]
        for one in measured
    ]
    heads = "recordings | ended | calls of the refresh that first sees them ended"
    return _render_table(f"{heads} | calls of the next | seconds of the next", rows)


def render_imports(measured: Mapping[str, Startup]) -> str:
    """Return what importing costs."""
    rows = [
        [
            name,
            f"{1000 * one.seconds.median:.0f}",
            _format_ratio(one.time_ratio, _GOAL if name in OURS else None),
            f"{one.mib.median:.0f}",
            _format_ratio(one.memory_ratio, _GOAL if name in OURS else None),
        ]
        for name, one in measured.items()
    ]
    return _render_table("import | ms | ratio | MiB | ratio", rows)


def render_bucket_state(results: Results) -> str:
    """Return the operations whose state lies in a bucket."""
    rows = []
    for size, operation in results.list_rows("bucket"):
        noop = results.get_series("bucket", size, operation, "noop")
        ours = results.get_series("bucket", size, operation, "ours")
        if noop and ours:
            ratio = _format_ratio(results.compute_ratio("bucket", size, operation, "noop"), _GOAL)
            rows.append([str(size), operation, _format_seconds(noop), _format_seconds(ours), ratio])
    return _render_table("recordings | operation | noop | ours | ours ÷ noop", rows)


def render_planning_numbers(results: Results) -> str:
    """Return what to plan a stack by: seconds and calls, with latency where that was measured."""
    late = {size: "80 ms" for size, _ in results.list_rows("80 ms")}
    larger = {
        size: "at once" for size, _ in results.list_rows("at once") if size > max(late, default=0)
    }
    rows = [_build_plan_row(results, workload, size) for size, workload in (late | larger).items()]
    heads = "recordings a stack | the API answers | first `up`: time, calls"
    budget = f"share of the token's {CALLS_OF_A_TOKEN} calls in 5 minutes"
    return _render_table(f"{heads} | {budget} | no changes | refresh | destroy", rows)


def _build_plan_row(results: Results, workload: str, size: int) -> list[str]:
    first, *others = (
        results.get_series(workload, size, operation, "ours")
        for operation in ("first up", "up without changes", "refresh", "destroy")
    )
    return [
        str(size),
        "after 80 ms" if workload == "80 ms" else workload,
        _format_time_and_calls(first),
        f"{100 * first.calls / CALLS_OF_A_TOKEN:.0f} %" if first else "–",
        *map(_format_time_and_calls, others),
    ]


def _format_time_and_calls(series: Series | None) -> str:
    return f"{series.seconds.median:.0f} s, {series.calls}" if series else "–"


def _format_seconds(series: Series) -> str:
    spread = series.seconds
    if len(series.samples) == 1:
        return f"{spread.median:.2f}"
    return f"{spread.median:.2f} ({spread.minimum:.2f}–{spread.maximum:.2f})"


def _format_ratio(spread: Spread | None, goal: float | None) -> str:
    if spread is None:
        return "–"
    text = _mark_missed_goal(spread.median, goal) if goal is not None else f"{spread.median:.2f}"
    return (
        text
        if spread.minimum == spread.maximum
        else f"{text} ({spread.minimum:.2f}–{spread.maximum:.2f})"
    )


def _mark_missed_goal(ratio: float, goal: float) -> str:
    """Return a ratio, in bold where it misses its goal, be it by less than is printed."""
    return f"**{ratio:.2f}**" if ratio > goal else f"{ratio:.2f}"


def _mark_excess(calls: int, most: int) -> str:
    """Return a number of calls, in bold where it is more than it may be."""
    return f"**{calls}**" if calls > most else str(calls)


def _format_mib(series: Series) -> str:
    return f"{series.peak_mib:.0f}" if series.peak_mib is not None else "–"


def _render_table(heads: str, rows: Sequence[list[str]]) -> str:
    """Return a table, nothing where it would be empty."""
    if not rows:
        return ""
    titles = [head.strip() for head in heads.split("|")]
    rule = ["---"] + ["---:"] * (len(titles) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in (titles, rule, *rows))
