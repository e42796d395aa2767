"""The report: two tables for each section, with nothing in them that depends on time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from tests.fault_injection.invariants import INVARIANTS, Invariant
from tests.fault_injection.results import CaseResult

__all__ = ["format_section", "write_into_page"]


def format_section(
    title: str, results: Sequence[CaseResult], checked: Collection[Invariant] = tuple(INVARIANTS)
) -> str:
    """Return a section of the report: the number of its cases, and of violations.

    A dash stands for an invariant that this section does not check.
    """
    tables = (_count_cases(results), _count_violations(results, checked))
    return "\n\n".join((f"### {title}", *("\n".join(table) for table in tables)))


def write_into_page(page: Path, name: str, text: str) -> None:
    """Replace what is between the two markers of a page that have this name."""
    content = page.read_text(encoding="utf-8")
    begin, end = (f"<!-- {word}: {name} -->" for word in ("begin", "end"))
    before, rest = content.split(begin, 1)
    after = rest.split(end, 1)[1]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _count_cases(results: Sequence[CaseResult]) -> Iterator[str]:
    columns = _sort_unique(one.column for one in results)
    cases = Counter((one.row, one.column) for one in results)
    wrong = Counter((one.row, one.column) for one in results if one.violations)
    yield _format_row(["cases", *columns])
    yield _format_row(["---", *("---:" for _ in columns)])
    for row in _sort_unique(one.row for one in results):
        cells = [(cases[row, column], wrong[row, column]) for column in columns]
        counts = (f"{all_}, {bad} wrong" if bad else str(all_) for all_, bad in cells)
        yield _format_row([row, *counts])


def _count_violations(
    results: Sequence[CaseResult], checked: Collection[Invariant]
) -> Iterator[str]:
    yield _format_row(["results", "cases", *INVARIANTS.values()])
    yield _format_row(["---", "---:", *("---:" for _ in INVARIANTS)])
    for row in _sort_unique(one.row for one in results):
        yield _format_violations(row, [one for one in results if one.row == row], checked)
    yield _format_violations("**all**", results, checked)


def _format_violations(
    name: str, results: Sequence[CaseResult], checked: Collection[Invariant]
) -> str:
    broken = Counter(
        invariant
        for one in results
        for invariant in {violation.invariant for violation in one.violations}
    )
    counts = (str(broken[one]) if one in checked or broken[one] else "-" for one in INVARIANTS)
    return _format_row([name, str(len(results)), *counts])


def _sort_unique(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _format_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
