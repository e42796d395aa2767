"""Tables of what was measured, for the terminal and for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.ended_recordings import Ended
from benchmarks.limits import CALLS_OF_A_TOKEN, Limited
from benchmarks.results import Results, Series, Spread
from benchmarks.runner import WORKERS
from benchmarks.startup import OURS, Startup
from benchmarks.workloads import LATENCY

__all__ = [
    "ended",
    "growth",
    "latency",
    "limits",
    "main_table",
    "plan",
    "shared",
    "startup",
    "state",
]

_GOAL = 1.15
_GOAL_OF_CALLS = 10
"""Those of a refresh to which most of a thousand recordings are known as ended."""


def main_table(results: Results) -> str:
    """Return ours beside the floor and the obvious alternative, the API answering at once."""
    return _table(
        "recordings | operation | floor | ours | obvious | ours ÷ floor | ours ÷ obvious | CPU | "
        "calls: ours | obvious | peak MiB: floor | ours | obvious",
        list(_main_rows(results)),
    )


def _main_rows(results: Results) -> Iterator[list[str]]:
    for size, operation in results.rows("at once"):
        floor, ours, obvious = (
            results.of("at once", size, operation, name) for name in ("floor", "ours", "obvious")
        )
        if floor and ours and obvious:
            yield [
                str(size),
                operation,
                *(_seconds(one) for one in (floor, ours, obvious)),
                _ratio(results.ratio("at once", size, operation, "floor"), _GOAL),
                _ratio(results.ratio("at once", size, operation, "obvious"), 1.0),
                _ratio(results.ratio("at once", size, operation, "floor", "cpu"), None),
                _bounded(ours.calls, obvious.calls),
                str(obvious.calls),
                *(_mib(one) for one in (floor, ours, obvious)),
            ]


def latency(results: Results) -> str:
    """Return ours and the obvious alternative where each answer takes 80 ms."""
    rows = []
    for size, operation in results.rows("80 ms"):
        ours = results.of("80 ms", size, operation, "ours")
        obvious = results.of("80 ms", size, operation, "obvious")
        floor = results.of("at once", size, operation, "floor")
        if ours is None or floor is None:
            continue
        bound = ours.calls * LATENCY / WORKERS + floor.seconds.middle
        rows.append(
            [
                str(size),
                operation,
                _seconds(ours),
                _seconds(obvious) if obvious else "–",
                _ratio(results.ratio("80 ms", size, operation, "obvious"), 1.0),
                f"{bound:.1f}",
                _marked(ours.seconds.middle / bound, 1.25),
            ]
        )
    heads = "recordings | operation | ours | obvious | ours ÷ obvious | calls × 80 ms ÷ 4 + floor"
    return _table(f"{heads} | ours ÷ that", rows)


def growth(results: Results) -> str:
    """Return the milliseconds that one recording costs, and those beyond the floor, by size."""
    rows = []
    for size, operation in results.rows("at once"):
        ours = results.of("at once", size, operation, "ours")
        floor = results.of("at once", size, operation, "floor")
        if ours and floor and size > 1:
            beyond = ours.seconds.middle - floor.seconds.middle
            rows.append(
                [
                    operation,
                    str(size),
                    f"{1000 * ours.seconds.middle / size:.0f}",
                    f"{1000 * beyond / size:.1f}",
                    _ratio(results.ratio("at once", size, operation, "floor"), _GOAL),
                ]
            )
    operations = list(dict.fromkeys(row[0] for row in rows))
    rows.sort(key=lambda row: operations.index(row[0]))
    heads = "operation | recordings | ms a recording | of these beyond the floor | ours ÷ floor"
    return _table(heads, rows)


def state(results: Results) -> str:
    """Return the bytes that a recording takes in the state."""
    rows = [
        [set_, str(size), name, str(whole), str(facts) if name != "obvious" else "–"]
        for (set_, size, name), (whole, facts) in results.weights.items()
        if set_ != "80 ms"
    ]
    return _table(
        "set | recordings | whose | bytes a recording | of these outputs beyond the mirror", rows
    )


def limits(measured: Iterable[Limited]) -> str:
    """Return what starting under the published limits took."""
    rows = [
        [
            f"{one.stacks} × {one.recordings}",
            f"{one.share:g}",
            str(one.calls),
            _bounded(one.refused, 0) if one.knew_of_each_other else str(one.refused),
            f"{one.seconds:.0f}",
            f"{one.demanded:.0f}",
            _marked(one.seconds / one.demanded, 1.1)
            if one.knew_of_each_other and one.demanded
            else "–",
        ]
        for one in measured
    ]
    heads = "stacks × starts | `realtimekit:limiter` | calls | refused by 429 | seconds"
    return _table(f"{heads} | the limits demand | ratio", rows)


def ended(measured: Iterable[Ended]) -> str:
    """Return what refreshing recordings costs of which most have ended."""
    rows = [
        [
            str(one.recordings),
            str(one.ended),
            str(one.calls_to_see),
            _bounded(one.calls, _GOAL_OF_CALLS),
            f"{one.seconds:.2f}",
        ]
        for one in measured
    ]
    heads = "recordings | ended | calls of the refresh that first sees them ended"
    return _table(f"{heads} | calls of the next | seconds of the next", rows)


def startup(measured: Mapping[str, Startup]) -> str:
    """Return what importing costs."""
    rows = [
        [
            name,
            f"{1000 * one.seconds.middle:.0f}",
            _ratio(one.time_ratio, _GOAL if name in OURS else None),
            f"{one.mib.middle:.0f}",
            _ratio(one.memory_ratio, _GOAL if name in OURS else None),
        ]
        for name, one in measured.items()
    ]
    return _table("import | ms | ratio | MiB | ratio", rows)


def shared(results: Results) -> str:
    """Return the operations whose state lies in a bucket."""
    rows = []
    for size, operation in results.rows("bucket"):
        floor = results.of("bucket", size, operation, "floor")
        ours = results.of("bucket", size, operation, "ours")
        if floor and ours:
            ratio = _ratio(results.ratio("bucket", size, operation, "floor"), _GOAL)
            rows.append([str(size), operation, _seconds(floor), _seconds(ours), ratio])
    return _table("recordings | operation | floor | ours | ours ÷ floor", rows)


def plan(results: Results) -> str:
    """Return what to plan a stack by: seconds and calls, with latency where that was measured."""
    late = {size: "80 ms" for size, _ in results.rows("80 ms")}
    larger = {size: "at once" for size, _ in results.rows("at once") if size > max(late, default=0)}
    rows = [_plan_row(results, set_, size) for size, set_ in (late | larger).items()]
    heads = "recordings a stack | the API answers | first `up`: time, calls"
    budget = f"share of the token's {CALLS_OF_A_TOKEN} calls in 5 minutes"
    return _table(f"{heads} | {budget} | no changes | refresh | destroy", rows)


def _plan_row(results: Results, set_: str, size: int) -> list[str]:
    first, *others = (
        results.of(set_, size, operation, "ours")
        for operation in ("first up", "up without changes", "refresh", "destroy")
    )
    return [
        str(size),
        "after 80 ms" if set_ == "80 ms" else set_,
        _time_and_calls(first),
        f"{100 * first.calls / CALLS_OF_A_TOKEN:.0f} %" if first else "–",
        *map(_time_and_calls, others),
    ]


def _time_and_calls(series: Series | None) -> str:
    return f"{series.seconds.middle:.0f} s, {series.calls}" if series else "–"


def _seconds(series: Series) -> str:
    spread = series.seconds
    if len(series.samples) == 1:
        return f"{spread.middle:.2f}"
    return f"{spread.middle:.2f} ({spread.least:.2f}–{spread.most:.2f})"


def _ratio(spread: Spread | None, goal: float | None) -> str:
    if spread is None:
        return "–"
    text = _marked(spread.middle, goal) if goal is not None else f"{spread.middle:.2f}"
    return text if spread.least == spread.most else f"{text} ({spread.least:.2f}–{spread.most:.2f})"


def _marked(ratio: float, goal: float) -> str:
    """Return a ratio, in bold where it misses its goal, be it by less than is printed."""
    return f"**{ratio:.2f}**" if ratio > goal else f"{ratio:.2f}"


def _bounded(calls: int, most: int) -> str:
    """Return a number of calls, in bold where it is more than it may be."""
    return f"**{calls}**" if calls > most else str(calls)


def _mib(series: Series) -> str:
    return f"{series.peak_mib:.0f}" if series.peak_mib is not None else "–"


def _table(heads: str, rows: Sequence[list[str]]) -> str:
    """Return a table, nothing where it would be empty."""
    if not rows:
        return ""
    titles = [head.strip() for head in heads.split("|")]
    rule = ["---"] + ["---:"] * (len(titles) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in (titles, rule, *rows))
