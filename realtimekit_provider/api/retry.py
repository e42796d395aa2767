"""How long one call may go on: its own time, and the time that a budget makes it wait."""

from __future__ import annotations

from collections.abc import Callable

from tenacity import RetryCallState
from tenacity.stop import stop_base

from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.errors import RateLimitedError

__all__ = ["RetryBudget"]


class RetryBudget(stop_base):
    """The tries and the time of one call; says when no other try is to be made.

    Waiting for a budget, this run's own or the API's, is neither a try nor the call's own time.
    Its bound is longer than the longest window, so that a deployment of any size comes to its
    end, whatever else is deployed with the same token.
    """

    def __init__(self, settings: ClientSettings, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._give_up_at = clock() + settings.call_timeout
        self._tries_left = settings.attempts
        self.rate_limit_wait = settings.rate_limit_timeout

    @property
    def remaining(self) -> float:
        """Seconds that are left of the call's own time."""
        return max(0.0, self._give_up_at - self._clock())

    def add_rate_limit_wait(self, seconds: float) -> None:
        """Take note of a wait for a budget, which begins now."""
        self.rate_limit_wait -= seconds
        self._give_up_at += seconds

    def __call__(self, retry_state: RetryCallState) -> bool:
        pause = retry_state.upcoming_sleep
        failure = retry_state.outcome.exception() if retry_state.outcome else None
        if isinstance(failure, RateLimitedError):
            if pause > self.rate_limit_wait:
                return True
            self.add_rate_limit_wait(pause)
            return False
        self._tries_left -= 1
        return self._tries_left <= 0 or pause > self.remaining
