"""The report: two tables for each part of a campaign, with nothing in them that time decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from tests.fault_injection.campaign import Finding
from tests.fault_injection.invariants import INVARIANTS, Invariant

__all__ = ["section", "written_into"]


def section(
    title: str, findings: Sequence[Finding], looked_at: Collection[Invariant] = tuple(INVARIANTS)
) -> str:
    """Return a part of the report: how often each fault was met, and what came of it.

    A dash stands for an invariant that this part does not look at.
    """
    came_of_it = _came_of_it(findings, looked_at)
    return "\n\n".join((f"### {title}", "\n".join(_met(findings)), "\n".join(came_of_it)))


def written_into(file: Path, name: str, text: str) -> None:
    """Replace what stands between a page's two marks with this name."""
    page = file.read_text(encoding="utf-8")
    begin, end = (f"<!-- {word}: {name} -->" for word in ("begin", "end"))
    before, rest = page.split(begin, 1)
    after = rest.split(end, 1)[1]
    file.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _met(findings: Sequence[Finding]) -> Iterator[str]:
    columns = _ordered(one.column for one in findings)
    cases = Counter((one.row, one.column) for one in findings)
    wrong = Counter((one.row, one.column) for one in findings if one.violations)
    yield _line(["cases", *columns])
    yield _line(["---", *("---:" for _ in columns)])
    for row in _ordered(one.row for one in findings):
        cells = [(cases[row, column], wrong[row, column]) for column in columns]
        yield _line([row, *(f"{all_}, {bad} wrong" if bad else str(all_) for all_, bad in cells)])


def _came_of_it(findings: Sequence[Finding], looked_at: Collection[Invariant]) -> Iterator[str]:
    yield _line(["came of it", "cases", *INVARIANTS.values()])
    yield _line(["---", "---:", *("---:" for _ in INVARIANTS)])
    for row in _ordered(one.row for one in findings):
        yield _counted(row, [one for one in findings if one.row == row], looked_at)
    yield _counted("**all**", findings, looked_at)


def _counted(name: str, findings: Sequence[Finding], looked_at: Collection[Invariant]) -> str:
    seen = Counter(
        invariant
        for one in findings
        for invariant in {violation.invariant for violation in one.violations}
    )
    counts = (str(seen[each]) if each in looked_at or seen[each] else "-" for each in INVARIANTS)
    return _line([name, str(len(findings)), *counts])


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
