"""The published limits, kept by counting and not by being refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.api.rate_limiter import RateLimit
from realtimekit_provider.errors import RateLimitedError
from tests.api.api_caller import ApiCaller

NOBODY = "2e1f6c1a-7f3a-4f6c-9f0a-5a4d0c7b8e11"


@pytest.fixture
def emulator() -> Iterator[EmulatorServer]:
    """An emulator with the published limits, whose time passes while the client sleeps."""
    with EmulatorServer(enforce_limits=True) as server:
        server.control.scale_time(0)
        yield server


def _calls(caller: ApiCaller, number: int) -> None:
    for _ in range(number):
        caller.api.get_active(NOBODY)


def test_a_run_stays_below_the_published_limits(emulator: EmulatorServer) -> None:
    """Of 500 calls at once none is refused: 240 go in each ten seconds."""
    caller = ApiCaller.of(emulator, while_asleep=emulator.control.advance)
    _calls(caller, 500)
    counts = emulator.control.counts()
    assert counts.total == 500
    assert set(counts.exceeded.values()) == {0}
    assert counts.most_in_window["kit"] == 240
    assert caller.clock.sleeps == [10, 10]
    assert caller.messages == ["0/10 s: staying within the API's rate limit"] * 2


def test_two_thousand_calls_take_the_time_that_the_limits_demand(emulator: EmulatorServer) -> None:
    """Those of a thousand starts: 1150 in the first five minutes, the others at 24 a second."""
    caller = ApiCaller.of(emulator, while_asleep=emulator.control.advance)
    began = caller.clock.now()
    _calls(caller, 2000)
    counts = emulator.control.counts()
    assert counts.total == 2000
    assert set(counts.exceeded.values()) == {0}
    demanded = 300 + 10 * ((2000 - 1200) // 250)
    assert demanded <= caller.clock.now() - began <= 1.1 * demanded


def test_two_pipelines_on_one_token_come_to_their_end(emulator: EmulatorServer) -> None:
    """Neither knows of the other: what one refuses itself too little, 429 tells it."""
    one = ApiCaller.of(emulator, while_asleep=emulator.control.advance)
    two = ApiCaller.of(emulator, while_asleep=emulator.control.advance, clock=one.clock)
    for _ in range(650):
        one.api.get_active(NOBODY)
        two.api.get_active(NOBODY)
    counts = emulator.control.counts()
    assert counts.exceeded["kit"] > 0
    assert counts.exceeded["api"] > 0


def test_without_the_limiter_the_api_is_obeyed(emulator: EmulatorServer) -> None:
    """A limit that others use too is known by 429, and every call is answered in the end."""
    caller = ApiCaller.of(
        emulator, settings={"rate_limits": ()}, while_asleep=emulator.control.advance
    )
    _calls(caller, 300)
    counts = emulator.control.counts()
    assert counts.exceeded["kit"] == 1
    assert counts.total == 301
    assert caller.clock.sleeps == [10]


def test_a_limit_that_is_reached_for_too_long_is_an_error_at_once(
    emulator: EmulatorServer,
) -> None:
    """A call that could not be sent before its deadline is not waited for."""
    caller = ApiCaller.of(emulator, settings={"rate_limits": (RateLimit(2, 600.0),)})
    _calls(caller, 2)
    with pytest.raises(RateLimitedError, match="this deployment has reached its own rate limit"):
        _calls(caller, 1)
    assert caller.clock.sleeps == []
    assert emulator.control.counts().total == 2
