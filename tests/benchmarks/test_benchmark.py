"""What the benchmark makes of its measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from benchmarks.__main__ import main
from benchmarks.emulated_api import EmulatedApi
from benchmarks.ended_recordings import EndedRefresh
from benchmarks.findings import Findings
from benchmarks.limits import LimitedStarts, required_seconds
from benchmarks.project import Sample
from benchmarks.reports import page, tables
from benchmarks.reports.stored_ratios import Ratios, extract_ratios, find_regressions
from benchmarks.results import Key, Results
from benchmarks.runner import Runner, TimeBudget, Workload
from benchmarks.workloads import immediate_api


def _create_refreshes(ours: list[float], noop: list[float]) -> Results:
    results = Results()
    for name, times in (("ours", ours), ("noop", noop)):
        for seconds in times:
            key = Key("at once", 100, "refresh", name)
            results.add(key, Sample(seconds, seconds, calls=5, peak_kib=2048))
    return results


def test_a_ratio_is_that_of_neighbours() -> None:
    """A machine that was twice as slow in the second repetition changes nothing."""
    ratio = _create_refreshes([1.1, 2.2, 1.1], [1.0, 2.0, 1.0]).compute_ratio(
        "at once", 100, "refresh", "noop"
    )
    assert ratio is not None
    assert (ratio.minimum, ratio.median, ratio.maximum) == pytest.approx((1.1, 1.1, 1.1))


def test_ratios_are_kept_and_times_are_not() -> None:
    """Another machine has other times."""
    stored = extract_ratios(_create_refreshes([1.1], [1.0]))
    assert stored == {
        "refresh, 100, against noop": {"time": 1.1, "cpu": 1.1, "memory": 1.0, "calls": 5}
    }
    assert stored == extract_ratios(_create_refreshes([11.0], [10.0]))


@pytest.mark.parametrize(
    ("now", "regressions"),
    [
        ({"time": 1.2, "calls": 5}, []),
        ({"time": 1.3, "calls": 5}, ["first up: time was 1.1, and is 1.3"]),
        ({"time": 1.1, "calls": 6}, ["first up: calls was 5, and is 6"]),
    ],
)
def test_noise_is_no_news_and_a_call_more_is(now: dict[str, float], regressions: list[str]) -> None:
    """Times move by some percent; calls do not."""
    before: Ratios = {"first up": {"time": 1.1, "calls": 5}}
    assert list(find_regressions({"first up": now}, before)) == regressions


@pytest.mark.parametrize(
    ("calls", "seconds"), [(250, 0), (251, 10), (1000, 30), (1200, 60), (1201, 300), (2000, 330)]
)
def test_the_limits_require_their_time(calls: int, seconds: float) -> None:
    """250 in 10 s, 1000 in 60 s, 1200 in 300 s."""
    assert required_seconds(calls) == seconds


def _create_results(workload: str, size: int, calls: dict[str, int]) -> Results:
    results = Results()
    for name, many in calls.items():
        sample = Sample(seconds=2.0, cpu=2.0, calls=many, peak_kib=None)
        results.add(Key(workload, size, "first up", name), sample)
    return results


@pytest.mark.parametrize(("ours", "shown"), [(200, "| **200** | 100 |"), (100, "| 100 | 100 |")])
def test_a_number_of_ours_that_misses_its_goal_is_bold(ours: int, shown: str) -> None:
    """The naive provider's number is what ours is compared with."""
    results = _create_results("at once", 100, {"noop": 0, "ours": ours, "naive": 100})
    assert shown in tables.render_comparison(results)


def test_a_plan_says_how_the_api_answered() -> None:
    """Larger stacks were measured with an API that answers at once."""
    results = _create_results("at once", 1000, {"ours": 2000})
    results.series.update(_create_results("at once", 10, {"ours": 20}).series)
    results.series.update(_create_results("80 ms", 100, {"ours": 200}).series)
    late, larger = tables.render_planning_numbers(results).splitlines()[2:]
    assert late.startswith("| 100 | after 80 ms | 2 s, 200 | 17 % |")
    assert larger.startswith("| 1000 | at once | 2 s, 2000 | 167 % |")


def test_a_refresh_of_what_has_ended_has_a_goal() -> None:
    """Ten calls, whatever it took to see them end."""
    table = tables.render_ended_refreshes(
        [EndedRefresh(1000, 900, 905, calls, 4.0) for calls in (10, 11)]
    )
    assert [row.split(" | ")[3] for row in table.splitlines()[2:]] == ["10", "**11**"]


def test_a_workload_without_time_is_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    """On the terminal, and above the tables."""
    budget = TimeBudget(60)
    allowed = [budget.has_time_for(f"{size}", size / 2) for size in (100, 1000, 1000)]
    assert allowed == [True, False, False]
    assert capsys.readouterr().out == "1000: no time for it\n"
    lines = page.render_measurements(Findings(Results(), budget.skipped)).splitlines()
    assert lines[-1] == "Not measured in this run, for time: 1000."


def test_a_round_is_estimated_by_what_it_takes() -> None:
    """On two cores the rounds of 1, 10, 100 and 1000 took 31, 30, 51 and 663 seconds."""
    small, large = immediate_api({}), immediate_api({}, without=("pause all",))
    estimated = [
        *(small.estimate_seconds(size) for size in (1, 10, 100)),
        large.estimate_seconds(1000),
    ]
    for seconds, taken in zip(estimated, (31, 30, 51, 663), strict=True):
        assert taken < seconds < 1.25 * taken


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Providers in the order in which they run an operation; no process is started."""
    order: list[str] = []

    class FakeProviderRun:
        def __init__(
            self, workload: Workload, _: EmulatedApi, size: int, folder: Path, name: str
        ) -> None:
            folder.mkdir(parents=True)
            self._workload, self._size, self._name = workload, size, name

        def measure(self, operation: str, results: Results) -> None:
            order.append(self._name)
            key = Key(self._workload.name, self._size, operation, self._name)
            results.add(key, Sample(1.0, 1.0, calls=0, peak_kib=None))

        def remove_stack(self) -> None:
            pass

    @contextmanager
    def no_api(*_: str) -> Iterator[Mock]:
        yield Mock()

    monkeypatch.setattr("benchmarks.runner._ProviderRun", FakeProviderRun)
    monkeypatch.setattr("benchmarks.runner.running_api", no_api)
    return order


def test_every_round_begins_with_another_provider(tmp_path: Path, order: list[str]) -> None:
    """Whatever its size and workload, and though each is measured once."""
    runner = Runner(tmp_path / "rounds")
    for name in ("at once", "80 ms"):
        workload = Workload(name, ("a", "b", "c"), {1: 1, 10: 1}, operations=("first up",))
        runner.run(workload, TimeBudget(1000))
    assert "".join(order) == "abc" + "bca" + "cab" + "abc"


def test_earlier_rounds_count(tmp_path: Path, order: list[str]) -> None:
    """Only the missing repetitions of a workload are run."""
    runner = Runner(tmp_path / "rounds")
    workload = Workload("at once", ("a",), {1: 3, 10: 1}, operations=("first up",))
    for _ in range(2):
        runner.run(replace(workload, repetitions={1: 1}), TimeBudget(1000))
    runner.run_missing(workload, TimeBudget(1000))
    assert len(order) == 3 + 1


@pytest.mark.parametrize(
    ("stacks", "share", "has_one"), [(1, 1.0, True), (2, 0.5, True), (2, 1.0, False)]
)
def test_stacks_that_know_of_each_other_have_a_goal(
    stacks: int, share: float, *, has_one: bool
) -> None:
    """Others are refused and come again, which takes as long as the API asks for."""
    limited = LimitedStarts(
        stacks, 500, share, seconds=396.0, required_seconds=330.0, calls=2000, refused=0
    )
    assert ("| **1.20** |" in tables.render_limited_starts([limited])) is has_one


@pytest.mark.parametrize(
    "part", [("--sizes", "1"), ("--goals",), ("--starts", "1", "10"), ("--check",)]
)
def test_only_a_whole_run_is_written(
    part: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The tables and ratios of a part would stand for the whole."""
    monkeypatch.setattr("sys.argv", ["benchmarks", "--write", *part])
    with pytest.raises(SystemExit):
        main()
    assert "--write stores a whole run" in capsys.readouterr().err
