"""The limiter, with a clock that the test moves."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.rate_limiter import DEFAULT_RATE_LIMITS, RateLimit, RateLimiter
from tests.fakes import FakeClock

FOREVER = float("inf")
LIMITS = st.lists(
    st.builds(RateLimit, st.integers(1, 4), st.integers(1, 20).map(float)), max_size=3
)


class SlowTimeout(float):
    """A timeout that takes long to compare, so that other threads get a turn meanwhile."""

    def __lt__(self, other: float) -> bool:
        time.sleep(0.0001)
        return super().__lt__(other)


def test_calls_within_the_limit_are_sent_at_once() -> None:
    """Nobody waits while there is room."""
    limiter = RateLimiter([RateLimit(3, 10.0)], FakeClock().now)
    assert [limiter.reserve(FOREVER) for _ in range(3)] == [0.0, 0.0, 0.0]


def test_the_next_call_waits_for_the_first_to_leave_the_window() -> None:
    """Each caller is told exactly how long, in its order."""
    clock = FakeClock()
    limiter = RateLimiter([RateLimit(2, 10.0)], clock.now)
    limiter.reserve(FOREVER)
    clock.sleep(4.0)
    waits = [limiter.reserve(FOREVER) for _ in range(4)]
    assert waits == [0.0, 6.0, 10.0, 16.0]


def test_a_time_beyond_the_timeout_is_not_reserved() -> None:
    """A caller that cannot wait that long delays no other."""
    limiter = RateLimiter([RateLimit(1, 10.0)], FakeClock().now)
    assert limiter.reserve(0.0) == 0.0
    assert limiter.reserve(9.9) is None
    assert limiter.reserve(10.0) == 10.0


def test_the_tightest_limit_decides() -> None:
    """All of them hold at once."""
    limiter = RateLimiter([RateLimit(2, 1.0), RateLimit(3, 100.0)], FakeClock().now)
    assert [limiter.reserve(FOREVER) for _ in range(4)] == [0.0, 0.0, 1.0, 100.0]


def test_an_empty_list_is_no_limit() -> None:
    """It switches the limiter off."""
    limiter = RateLimiter([], FakeClock().now)
    assert {limiter.reserve(0.0) for _ in range(2000)} == {0.0}


def test_the_defaults_stay_below_what_is_published() -> None:
    """1000 in 50 to 60 s, 250 in 10 s, 1200 in 5 minutes."""
    published = [RateLimit(1000, 60.0), RateLimit(250, 10.0), RateLimit(1200, 300.0)]
    for ours, foreign in zip(DEFAULT_RATE_LIMITS, published, strict=True):
        assert ours.seconds == foreign.seconds
        assert ours.calls < foreign.calls


@given(LIMITS, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=25))
def test_no_window_ever_holds_more_than_its_limit(
    rate_limits: list[RateLimit], arrivals: list[tuple[int, int]]
) -> None:
    """Whoever comes when, and however long each may wait."""
    clock = FakeClock()
    limiter = RateLimiter(rate_limits, clock.now)
    sent = []
    for gap, timeout in arrivals:
        clock.sleep(gap)
        wait = limiter.reserve(timeout)
        if wait is not None:
            assert 0 <= wait <= timeout
            sent.append(clock.now() + wait)
    assert sent == sorted(sent)
    for limit in rate_limits:
        for first, one_too_many in zip(sent, sent[limit.calls :], strict=False):
            assert one_too_many - first >= limit.seconds


def test_threads_that_reserve_at_once_share_each_window() -> None:
    """Of 400 calls of eight threads each window holds its limit, whoever comes when."""
    threads, each, limit = 8, 50, RateLimit(4, 10.0)
    limiter = RateLimiter([limit], FakeClock().now)
    together = Barrier(threads)

    def reserve(_thread: int) -> list[float]:
        together.wait()
        waits = (limiter.reserve(SlowTimeout("inf")) for _ in range(each))
        return [wait for wait in waits if wait is not None]

    with ThreadPoolExecutor(threads) as pool:
        waits = [wait for one in pool.map(reserve, range(threads)) for wait in one]
    full_windows = range(threads * each // limit.calls)
    assert sorted(waits) == [n * limit.seconds for n in full_windows for _ in range(limit.calls)]
