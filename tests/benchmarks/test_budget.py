"""What the benchmark makes of its measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from benchmarks import page, report
from benchmarks.__main__ import main
from benchmarks.emulated_api import World
from benchmarks.ended_recordings import Ended
from benchmarks.findings import Findings
from benchmarks.limits import Limited, demanded
from benchmarks.project import Sample
from benchmarks.results import Key, Results
from benchmarks.runner import Bound, Course, Rounds
from benchmarks.stored_ratios import Ratios, ratios_of, worse
from benchmarks.workloads import at_once


def _results(ours: list[float], floor: list[float]) -> Results:
    results = Results()
    for name, times in (("ours", ours), ("floor", floor)):
        for seconds in times:
            key = Key("at once", 100, "refresh", name)
            results.add(key, Sample(seconds, seconds, calls=5, peak_kib=2048))
    return results


def test_a_ratio_is_that_of_neighbours() -> None:
    """A machine that was twice as slow in the second repetition changes nothing."""
    ratio = _results([1.1, 2.2, 1.1], [1.0, 2.0, 1.0]).ratio("at once", 100, "refresh", "floor")
    assert ratio is not None
    assert (ratio.least, ratio.middle, ratio.most) == pytest.approx((1.1, 1.1, 1.1))


def test_ratios_are_kept_and_times_are_not() -> None:
    """Another machine has other times."""
    kept = ratios_of(_results([1.1], [1.0]))
    assert kept == {
        "refresh, 100, against floor": {"time": 1.1, "cpu": 1.1, "memory": 1.0, "calls": 5}
    }
    assert kept == ratios_of(_results([11.0], [10.0]))


@pytest.mark.parametrize(
    ("now", "news"),
    [
        ({"time": 1.2, "calls": 5}, []),
        ({"time": 1.3, "calls": 5}, ["first up: time was 1.1, and is 1.3"]),
        ({"time": 1.1, "calls": 6}, ["first up: calls was 5, and is 6"]),
    ],
)
def test_noise_is_no_news_and_a_call_more_is(now: dict[str, float], news: list[str]) -> None:
    """Times move by some percent; calls do not."""
    before: Ratios = {"first up": {"time": 1.1, "calls": 5}}
    assert list(worse({"first up": now}, before)) == news


@pytest.mark.parametrize(
    ("calls", "seconds"), [(250, 0), (251, 10), (1000, 30), (1200, 60), (1201, 300), (2000, 330)]
)
def test_the_limits_demand_their_time(calls: int, seconds: float) -> None:
    """250 in 10 s, 1000 in 60 s, 1200 in 300 s."""
    assert demanded(calls) == seconds


def _measured(set_: str, size: int, calls: dict[str, int]) -> Results:
    results = Results()
    for name, many in calls.items():
        sample = Sample(seconds=2.0, cpu=2.0, calls=many, peak_kib=None)
        results.add(Key(set_, size, "first up", name), sample)
    return results


@pytest.mark.parametrize(("ours", "shown"), [(200, "| **200** | 100 |"), (100, "| 100 | 100 |")])
def test_what_misses_its_goal_is_ours(ours: int, shown: str) -> None:
    """The obvious provider's number is what ours is held against."""
    results = _measured("at once", 100, {"floor": 0, "ours": ours, "obvious": 100})
    assert shown in report.main_table(results)


def test_a_plan_says_how_the_api_answered() -> None:
    """Larger stacks were measured with an API that answers at once."""
    results = _measured("at once", 1000, {"ours": 2000})
    results.series.update(_measured("at once", 10, {"ours": 20}).series)
    results.series.update(_measured("80 ms", 100, {"ours": 200}).series)
    late, larger = report.plan(results).splitlines()[2:]
    assert late.startswith("| 100 | after 80 ms | 2 s, 200 | 17 % |")
    assert larger.startswith("| 1000 | at once | 2 s, 2000 | 167 % |")


def test_a_refresh_of_what_has_ended_has_a_goal() -> None:
    """Ten calls, whatever it took to see them end."""
    table = report.ended([Ended(1000, 900, 905, calls, 4.0) for calls in (10, 11)])
    assert [row.split(" | ")[3] for row in table.splitlines()[2:]] == ["10", "**11**"]


def test_what_there_is_no_time_for_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """On the terminal, and above the tables."""
    bound = Bound(60)
    allowed = [bound.allows(f"{size}", size / 2) for size in (100, 1000, 1000)]
    assert allowed == [True, False, False]
    assert capsys.readouterr().out == "1000: no time for it\n"
    told = page.measured_part(Findings(Results(), {}, bound.left_out)).splitlines()
    assert told[-1] == "Not measured in this run, for time: 1000."


def test_a_round_is_reckoned_by_what_it_takes() -> None:
    """On two cores the rounds of 1, 10, 100 and 1000 took 31, 30, 51 and 663 seconds."""
    small, large = at_once({}), at_once({}, without=("pause all",))
    reckoned = [*(small.seconds(size) for size in (1, 10, 100)), large.seconds(1000)]
    for seconds, taken in zip(reckoned, (31, 30, 51, 663), strict=True):
        assert taken < seconds < 1.25 * taken


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whoever runs an operation, in their order, in rounds that start no process."""
    who: list[str] = []

    class Rival:
        def __init__(self, course: Course, _: World, size: int, folder: Path, name: str) -> None:
            folder.mkdir(parents=True)
            self._course, self._size, self._name = course, size, name

        def go(self, operation: str, results: Results) -> None:
            who.append(self._name)
            key = Key(self._course.name, self._size, operation, self._name)
            results.add(key, Sample(1.0, 1.0, calls=0, peak_kib=None))

        def leave(self) -> None:
            pass

    @contextmanager
    def no_world(*_: str) -> Iterator[Mock]:
        yield Mock()

    monkeypatch.setattr("benchmarks.runner._Rival", Rival)
    monkeypatch.setattr("benchmarks.runner.running_world", no_world)
    return who


def test_each_round_begins_with_another_one(tmp_path: Path, ran: list[str]) -> None:
    """Whatever its size and set, and though each is measured once."""
    rounds = Rounds(tmp_path / "rounds")
    for set_ in ("at once", "80 ms"):
        course = Course(set_, ("a", "b", "c"), {1: 1, 10: 1}, operations=("first up",))
        rounds.run(course, Bound(1000))
    assert "".join(ran) == "abc" + "bca" + "cab" + "abc"


def test_what_was_measured_before_counts(tmp_path: Path, ran: list[str]) -> None:
    """A course is completed, not run again."""
    rounds = Rounds(tmp_path / "rounds")
    course = Course("at once", ("a",), {1: 3, 10: 1}, operations=("first up",))
    for _ in range(2):
        rounds.run(replace(course, repetitions={1: 1}), Bound(1000))
    rounds.complete(course, Bound(1000))
    assert len(ran) == 3 + 1


@pytest.mark.parametrize(
    ("stacks", "share", "has_one"), [(1, 1.0, True), (2, 0.5, True), (2, 1.0, False)]
)
def test_stacks_that_know_of_each_other_have_a_goal(
    stacks: int, share: float, *, has_one: bool
) -> None:
    """Others are refused and come again, which takes as long as the API asks for."""
    limited = Limited(stacks, 500, share, seconds=396.0, demanded=330.0, calls=2000, refused=0)
    assert ("| **1.20** |" in report.limits([limited])) is has_one


@pytest.mark.parametrize("part", [("--sizes", "1"), ("--starts", "1", "10"), ("--check",)])
def test_only_a_whole_run_is_written(
    part: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The tables and ratios of a part would stand for the whole."""
    monkeypatch.setattr("sys.argv", ["benchmarks", "--write", *part])
    with pytest.raises(SystemExit):
        main()
    assert "--write keeps a whole run" in capsys.readouterr().err
