"""Waiting."""

from __future__ import annotations

import pytest

from realtimekit_provider.deployment.polling import poll_until
from tests.fakes import FakePorts


def test_an_answer_that_is_there_costs_no_wait() -> None:
    """Neither a pause nor a word."""
    fake = FakePorts()
    assert poll_until(fake.ports, "it", 10, lambda: "here") == "here"
    assert fake.clock.sleeps == []
    assert fake.reporter.waits == []


def test_a_wait_says_for_what_and_asks_less_and_less_often() -> None:
    """The pauses grow to three times the first."""
    fake = FakePorts()
    answers = iter([None] * 8 + ["here"])
    assert poll_until(fake.ports, "it", 100, lambda: next(answers)) == "here"
    assert fake.clock.sleeps == [1.0, 1.5, 2.25, 3.0, 3.0, 3.0, 3.0, 3.0]
    assert fake.reporter.waits[0] == "0/100 s: it"


@pytest.mark.parametrize("longest", [0, 0.5, 7, 60])
def test_a_wait_is_over_when_it_says(longest: float) -> None:
    """The last question is asked at the very end, not before."""
    fake = FakePorts()
    asked: list[float] = []
    assert poll_until(fake.ports, "it", longest, lambda: asked.append(fake.clock.now())) is None
    assert asked[-1] - 1000 == pytest.approx(longest)
