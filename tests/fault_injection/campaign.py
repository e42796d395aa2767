"""Runs cases in several lanes at once, and counts."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.fault_injection.case_runner import lane
from tests.fault_injection.cases import Case
from tests.fault_injection.invariants import Violation
from tools.test_servers.moto_server import MotoServer, running_moto

__all__ = ["Finding", "Findings", "live_through"]

_TRIES = 3


@dataclass(frozen=True)
class Finding:
    """What was wrong in one case: nothing, if all is well."""

    row: str
    column: str
    name: str
    violations: tuple[Violation, ...]


@dataclass
class Findings:
    """The findings of a campaign, as they come in from several threads."""

    all: list[Finding] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, finding: Finding) -> None:
        """Take one more."""
        with self._lock:
            self.all.append(finding)

    @property
    def wrong(self) -> list[Finding]:
        """Those in which something was wrong."""
        return [one for one in self.all if one.violations]


def live_through(
    cases: Iterable[Case],
    lanes: int,
    findings: Findings,
    told: Callable[[Finding], None],
    without: str | None = None,
) -> None:
    """Live through the cases, each once, in so many lanes."""
    waiting: queue.SimpleQueue[Case] = queue.SimpleQueue()
    needs_keys = False
    for case in cases:
        waiting.put(case)
        needs_keys = needs_keys or case.operation.scene == "writer"

    def drive(number: int, moto: MotoServer | None) -> None:
        with lane(f"lane{number}", without, moto) as opened:
            for case in _taken_from(waiting):
                finding = _finding(case, opened.run)
                findings.add(finding)
                told(finding)

    with ExitStack() as stack, ThreadPoolExecutor(lanes) as pool:
        moto = stack.enter_context(running_moto()) if needs_keys else None
        for future in [pool.submit(drive, number, moto) for number in range(lanes)]:
            future.result()


def _taken_from(waiting: queue.SimpleQueue[Case]) -> Iterator[Case]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return


def _finding(case: Case, run: Callable[[Case], Sequence[Violation]]) -> Finding:
    # Uploads end by the clock: where the machine was slow, nothing was left to be asked about
    # when the fault was due, and the case is lived through again.
    violations: tuple[Violation, ...] = ()
    for _ in range(_TRIES):
        violations = _violations(case, run)
        if not any(one.invariant == "void" for one in violations):
            break
    return Finding(case.operation.name, case.fault.group, case.name, violations)


def _violations(case: Case, run: Callable[[Case], Sequence[Violation]]) -> tuple[Violation, ...]:
    try:
        return tuple(run(case))
    except Exception:  # noqa: BLE001 - whatever else goes wrong in a case, the others go on
        return (Violation("unclear", traceback.format_exc()),)
