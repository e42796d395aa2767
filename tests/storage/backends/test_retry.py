"""Trying again until a result is final, or it is time to stop."""

from __future__ import annotations

import pytest
from tenacity import stop_after_attempt, stop_before_delay

from realtimekit_provider.deployment.progress import reporting_progress
from realtimekit_provider.storage.backends.retry import retry_until, wait_until
from tests.fakes import FakeReporter


def is_final(result: int) -> bool:
    return result == 0


def test_a_final_result_is_returned_at_once() -> None:
    """Nothing else is called."""
    results = [0, 1]
    assert retry_until(is_final, lambda: results.pop(0), stop=stop_after_attempt(9), pause=9) == 0
    assert results == [1]


def test_the_last_result_is_returned_when_it_is_time_to_stop() -> None:
    """The caller says what that means."""
    results = [3, 2, 1]
    assert retry_until(is_final, lambda: results.pop(0), stop=stop_after_attempt(2), pause=0) == 2
    assert retry_until(is_final, lambda: 7, stop=stop_before_delay(0.01), pause=0.005) == 7


def test_a_transient_error_is_tried_again_and_the_last_one_raised() -> None:
    """Any other ends the tries."""
    errors: list[Exception] = [OSError("first"), OSError("second"), ValueError("third")]

    def fail() -> int:
        raise errors.pop(0)

    def is_transient(error: BaseException) -> bool:
        return isinstance(error, OSError)

    with pytest.raises(OSError, match="second"):
        retry_until(is_final, fail, stop=stop_after_attempt(2), pause=0, is_transient=is_transient)
    with pytest.raises(ValueError, match="third"):
        retry_until(is_final, fail, stop=stop_after_attempt(2), pause=0, is_transient=is_transient)


def test_a_wait_is_reported_once_before_each_pause() -> None:
    """Why, and how long at most; a result that is there at once is no wait."""
    reporter, results = FakeReporter(), [2, 1, 0, 0]
    with reporting_progress(reporter):
        for _ in range(2):
            wait_until(
                is_final, lambda: results.pop(0), timeout=60, pause=0, reason="it is not ready"
            )
    assert reporter.waits == ["0/60 s: it is not ready"] * 2


def test_a_wait_that_takes_too_long_returns_the_last_result() -> None:
    """No pause follows the last try, and so no line."""
    reporter, results = FakeReporter(), [3, 2, 1]
    with reporting_progress(reporter):
        waited = wait_until(is_final, lambda: results.pop(0), timeout=0, pause=9, reason="late")
    assert waited == 3
    assert reporter.waits == []
