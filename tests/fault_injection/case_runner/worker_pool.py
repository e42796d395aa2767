"""Runs cases in several case runners at once."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.fault_injection.case_runner.case_runner import running_case_runner
from tests.fault_injection.cases.all_cases import Case
from tests.fault_injection.invariants import Violation
from tests.fault_injection.results import CaseResult, ResultCallback
from tools.test_servers.moto_server import MotoServer, running_moto

__all__ = ["run_cases"]

_TRIES = 3


def run_cases(
    cases: Iterable[Case], workers: int, on_result: ResultCallback, mutation: str | None = None
) -> list[CaseResult]:
    """Run each case once.

    Args:
        cases: The cases.
        workers: How many case runners share them.
        on_result: Called with each result.
        mutation: The rule that is taken out of the provider.
    """
    waiting: queue.SimpleQueue[Case] = queue.SimpleQueue()
    needs_keys = False
    for case in cases:
        waiting.put(case)
        needs_keys = needs_keys or case.operation.setup == "writer"
    results: list[CaseResult] = []
    lock = threading.Lock()

    def work(number: int, moto: MotoServer | None) -> None:
        with running_case_runner(f"worker{number}", mutation, moto) as runner:
            for case in _take_all(waiting):
                result = _run_case(case, runner.run)
                with lock:
                    results.append(result)
                on_result(result)

    with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
        moto = stack.enter_context(running_moto()) if needs_keys else None
        for future in [pool.submit(work, number, moto) for number in range(workers)]:
            future.result()
    return results


def _take_all(waiting: queue.SimpleQueue[Case]) -> Iterator[Case]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return


def _run_case(case: Case, run: Callable[[Case], Sequence[Violation]]) -> CaseResult:
    # Uploads end by the clock: on a slow machine none may be left when the fault is due, so that
    # it hits no call. Then the case is run again.
    violations: tuple[Violation, ...] = ()
    for _ in range(_TRIES):
        violations = _try_case(case, run)
        if not any(one.invariant == "not_injected" for one in violations):
            break
    return CaseResult(case.operation.name, case.fault.group, case.name, violations)


def _try_case(case: Case, run: Callable[[Case], Sequence[Violation]]) -> tuple[Violation, ...]:
    try:
        return tuple(run(case))
    except Exception:  # noqa: BLE001 - whatever goes wrong in a case, the others have to run
        return (Violation("unclear_error", traceback.format_exc()),)
