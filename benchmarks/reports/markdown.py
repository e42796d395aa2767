"""How the tables write times, ratios and goals."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.results import Series, Spread

__all__ = [
    "format_mib",
    "format_ratio",
    "format_seconds",
    "mark_excess",
    "mark_missed_goal",
    "render_table",
]


def format_seconds(series: Series) -> str:
    """Return the median of seconds, with the least and the greatest."""
    return format_ratio(series.seconds, None)


def format_ratio(spread: Spread | None, goal: float | None) -> str:
    """Return a median, in bold where it misses its goal, with the least and the greatest."""
    if spread is None:
        return "–"
    text = mark_missed_goal(spread.median, goal) if goal is not None else f"{spread.median:.2f}"
    return (
        text
        if spread.minimum == spread.maximum
        else f"{text} ({spread.minimum:.2f}–{spread.maximum:.2f})"
    )


def mark_missed_goal(ratio: float, goal: float) -> str:
    """Return a ratio, in bold where it misses its goal, be it by less than is printed."""
    return f"**{ratio:.2f}**" if ratio > goal else f"{ratio:.2f}"


def mark_excess(calls: int, most: int) -> str:
    """Return a number of calls, in bold where it is more than it may be."""
    return f"**{calls}**" if calls > most else str(calls)


def format_mib(series: Series) -> str:
    """Return the most memory that was used, in MiB; a dash where it was not measured."""
    return f"{series.peak_mib:.0f}" if series.peak_mib is not None else "–"


def render_table(heads: str, rows: Sequence[list[str]]) -> str:
    """Return a table, nothing where it would be empty."""
    if not rows:
        return ""
    titles = [head.strip() for head in heads.split("|")]
    rule = ["---"] + ["---:"] * (len(titles) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in (titles, rule, *rows))
