"""The table of what has a goal, and what a run measures for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import suite
from benchmarks.findings import Findings
from benchmarks.limits import LimitedStarts
from benchmarks.project import Sample
from benchmarks.providers import noop_provider
from benchmarks.providers.noop_provider import NoopRecording
from benchmarks.reports.goals import render_goals
from benchmarks.results import Key, Results
from benchmarks.runner import Runner, TimeBudget, Workload
from benchmarks.workloads import COMPARED_OPERATIONS, slow_api
from realtimekit_provider import TrackRecording, constants
from realtimekit_provider.engine.registration import ProviderResource


def _create_results(workload: str, operation: str, ours: Sample, noop: Sample) -> Results:
    results = Results()
    results.add(Key(workload, 100, operation, "ours"), ours)
    results.add(Key(workload, 100, operation, "noop"), noop)
    return results


def _find_measured(findings: Findings) -> list[str]:
    """Return what the table says was measured, row by row."""
    return [row.split(" | ")[2] for row in render_goals(findings).splitlines()[2:]]


@pytest.mark.parametrize(("cpu", "shown"), [(1.15, "1.15"), (1.16, "**1.16**")])
def test_processor_time_has_a_goal_and_time_has_none(cpu: float, shown: str) -> None:
    """Another program on the machine makes times longer, and hardly moves processor time."""
    ours, noop = Sample(9.0, cpu, 0, None), Sample(1.0, 1.0, 0, None)
    table = render_goals(Findings(_create_results("at once", "refresh", ours, noop), []))
    assert f"| {shown} | 1.15 | 9.00 s, noop 1.00 s, ratio 9.00 |" in table


@pytest.mark.parametrize(("seconds", "shown"), [(5.2, "1.30"), (5.3, "**1.32**")])
def test_starts_with_latency_are_held_against_as_many_as_run_at_once(
    seconds: float, shown: str
) -> None:
    """200 calls of 80 ms, sixteen at once, are a second."""
    ours, noop = Sample(seconds, 1.0, 200, None), Sample(3.0, 1.0, 0, None)
    findings = Findings(_create_results("80 ms", "first up", ours, noop), [])
    assert _find_measured(findings) == [shown]


@pytest.mark.parametrize(("ours", "shown"), [(2400, "400"), (2401, "**401**")])
def test_bytes_beyond_noop_have_a_goal(ours: int, shown: str) -> None:
    """Of each recording in the state."""
    findings = Findings(Results(), [])
    findings.results.state_sizes = {
        ("at once", 100, "ours"): (ours, 300),
        ("at once", 100, "noop"): (2000, 300),
    }
    assert _find_measured(findings) == [shown]


def test_starts_in_one_stack_have_a_goal() -> None:
    """Those of stacks that share the limits are in a table of their own."""
    findings = Findings(Results(), [])
    findings.limited = [
        LimitedStarts(stacks, 1000, 1.0, seconds, required_seconds=330.0, calls=2000, refused=0)
        for stacks, seconds in ((1, 363.0), (1, 364.0), (2, 400.0))
    ]
    assert _find_measured(findings) == ["1.10", "**1.10**"]


@pytest.mark.parametrize(
    ("operation", "parallel", "workers"),
    [("first up", 16, 16), ("first up", 64, 16), ("pause all", 2, 2), ("destroy", 16, 4)],
)
def test_sixteen_operations_run_at_once_at_most(
    operation: str, parallel: int, workers: int
) -> None:
    """Four where no program tells the provider's process how many the CLI was told."""
    workload = Workload("w", ("ours",), {}, parallel=parallel)
    assert workload.count_workers(operation) == workers


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what a run measures, in its order: workloads with their sizes, and the rest."""
    found: list[str] = []

    def run_missing(_: Runner, workload: Workload, __: TimeBudget) -> None:
        sizes = workload.repetitions.items()
        found.extend(f"{workload.name}, {size} * {times}" for size, times in sizes)

    def note(name: str) -> Callable[..., LimitedStarts]:
        def measure(stacks: int, *_: object) -> LimitedStarts:
            found.append(f"{name}, {stacks}")
            return LimitedStarts(stacks, 0, 1.0, 0.0, 1.0, 0, 0)

        return measure

    monkeypatch.setattr(Runner, "run", lambda *_: None)
    monkeypatch.setattr(Runner, "run_missing", run_missing)
    monkeypatch.setattr(suite, "measure_limited_starts", note("limits"))
    return found


def test_the_goals_come_first_and_can_be_measured_alone(
    tmp_path: Path, measured: list[str]
) -> None:
    """Five rounds of 10 and 100, five of starts with latency, and 1000 starts in one stack."""
    suite.measure(tmp_path, goals_only=True)
    assert measured == [
        *("at once, 1 * 1", "at once, 10 * 1", "at once, 100 * 1"),
        *("at once, 100 * 5", "at once, 10 * 5"),
        "80 ms, 100 * 5",
        "limits, 1",
    ]


def test_some_sizes_are_measured_without_the_limits(tmp_path: Path, measured: list[str]) -> None:
    """Which take minutes, whatever the size."""
    suite.measure(tmp_path, [10], goals_only=True)
    assert measured == ["at once, 10 * 1", "at once, 10 * 5"]


def test_the_operations_with_a_goal_are_those_of_a_recordings_life() -> None:
    """Started, left alone, refreshed, paused and ended; a slow API is asked for all of them."""
    assert set(COMPARED_OPERATIONS) < set(slow_api({}).operations)


def test_the_floor_is_registered_as_our_resources_are() -> None:
    """With the same short stack trace in the state, and outputs that ours have too."""
    assert NoopRecording.__bases__ == TrackRecording.__bases__ == (ProviderResource,)
    assert set(noop_provider.COMPUTED_OUTPUTS) <= set(constants.COMPUTED_OUTPUTS)
