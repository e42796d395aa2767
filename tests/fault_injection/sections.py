"""The sections of the report, and how each is run."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from realtimekit_emulator import EmulatorServer
from tests.fault_injection.case_runner.worker_pool import run_cases
from tests.fault_injection.cases.all_cases import all_cases
from tests.fault_injection.invariants import Invariant
from tests.fault_injection.pulumi_cli.concurrent_deployments import deploy_concurrently
from tests.fault_injection.pulumi_cli.crash_tests import CrashTest, Kill, draw_crash_tests
from tests.fault_injection.pulumi_cli.declared_recordings import running_api
from tests.fault_injection.pulumi_cli.engine_cases import inject_faults_through_engine
from tests.fault_injection.results import CaseResult, ResultCallback
from tests.pulumi_cli.support.project import make_template

__all__ = [
    "CHECKED_IN_CONCURRENT_DEPLOYMENTS",
    "CHECKED_THROUGH_ENGINE",
    "WORKERS",
    "run_concurrent_deployments",
    "run_crash_tests",
    "run_engine_sample",
    "run_faults",
]

WORKERS = 5
CHECKED_THROUGH_ENGINE: Collection[Invariant] = (
    "missing",
    "orphan",
    "duplicate",
    "foreign_change",
    "lost_file",
    "leak",
    "hang",
    "not_injected",
)
"""The invariants that are checked where the real engine deploys."""
CHECKED_IN_CONCURRENT_DEPLOYMENTS: Collection[Invariant] = tuple(
    one for one in CHECKED_THROUGH_ENGINE if one != "not_injected"
)
_CRASH_TESTS_AT_ONCE = 3
_ENGINE_SAMPLE = 24


def run_faults(
    seed: int,
    number: int | None,
    on_result: ResultCallback,
    *,
    mutation: str | None = None,
    operations: Sequence[str] = (),
    workers: int = WORKERS,
) -> list[CaseResult]:
    """Run cases against the provider process.

    Args:
        seed: Decides the order of the cases and the variants of the API.
        number: How many cases are run; ``None`` runs all.
        on_result: Called with each result.
        mutation: The rule that is taken out of the provider.
        operations: How the names of the operations begin that are run; empty for all.
        workers: How many case runners share the cases.
    """
    cases = [
        case
        for case in all_cases(seed)
        if not operations or case.operation.name.startswith(tuple(operations))
    ]
    return run_cases(cases[:number], workers, on_result, mutation)


def run_engine_sample(seed: int, on_result: ResultCallback) -> list[CaseResult]:
    """Inject a sample of the faults into real deployments."""
    with _template() as (template, folder):
        results = inject_faults_through_engine(template, folder / "engine", seed, _ENGINE_SAMPLE)
        return _collect(results, on_result)


def run_crash_tests(seed: int, rounds: int, on_result: ResultCallback) -> list[CaseResult]:
    """Kill the deployments of so many stacks, and recover from each kill."""
    with _template() as (template, folder), ThreadPoolExecutor(_CRASH_TESTS_AT_ONCE) as pool:

        def run(number: int, crashes: Sequence[Kill]) -> list[CaseResult]:
            with running_api() as emulator:
                crash_test = CrashTest(template, folder / f"stack{number}", emulator)
                return _collect(crash_test.run(crashes), on_result)

        results = pool.map(run, *zip(*enumerate(draw_crash_tests(seed, rounds)), strict=True))
        return [one for results_of_stack in results for one in results_of_stack]


def run_concurrent_deployments(on_result: ResultCallback) -> list[CaseResult]:
    """Run two deployments at the same time, or of two stacks with the same meeting."""
    with _template() as (template, folder):
        return _collect(deploy_concurrently(template, folder), on_result)


@contextmanager
def _template() -> Iterator[tuple[Path, Path]]:
    with (
        tempfile.TemporaryDirectory(prefix="fault-injection-") as name,
        EmulatorServer() as emulator,
    ):
        folder = Path(name)
        yield make_template(folder / "template", emulator), folder


def _collect(results: Iterable[CaseResult], on_result: ResultCallback) -> list[CaseResult]:
    collected = []
    for result in results:
        on_result(result)
        collected.append(result)
    return collected
