"""What the benchmark makes of its measurements."""

from __future__ import annotations

import pytest

from benchmarks.limits import demanded
from benchmarks.project import Sample
from benchmarks.results import Key, Results
from benchmarks.stored import Ratios, ratios_of, worse


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
