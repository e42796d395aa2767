"""Everything about repeating a request: whether, when, how often and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenacity import RetryCallState
from tenacity.stop import stop_base
from typing_extensions import override

from realtimekit_provider.errors import (
    CallError,
    ConnectionSettingsError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
)

__all__ = ["RetryBudget", "RetrySettings", "backoff", "is_retryable"]

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0


@dataclass(frozen=True)
class RetrySettings:
    """How often and how long one call is tried; its defaults stand in ``docs/operations.md``.

    Attributes:
        attempts: How often a request is sent where sending it again is safe; waits for a rate
            limit do not count.
        call_timeout: Seconds for a call with all its attempts and the pauses between them.
        rate_limit_timeout: Seconds that a call waits for rate limits, beyond ``call_timeout``.
            More than the longest window of a limit, so that a deployment of any size comes to
            its end, whatever else is deployed with the same token.
    """

    attempts: int = 5
    call_timeout: float = 120.0
    rate_limit_timeout: float = 330.0


def is_retryable(error: BaseException, *, idempotent: bool) -> bool:
    """Whether the same request may be sent again without asking what the first one did.

    A rate limit without a status is the client's own: it is reached for longer than the call has.
    """
    if isinstance(error, RateLimitedError):
        return error.info.status is not None
    if isinstance(error, NotSentError):
        return not isinstance(error, ConnectionSettingsError)
    return idempotent and isinstance(error, OutcomeUnknownError)


def backoff(error: BaseException | None, attempt: int, jitter: float) -> float:
    """Return the seconds between ``attempt`` and the next one.

    What the API asks for by Retry-After is obeyed, with a little more so that many clients
    do not come back at the same moment. Otherwise the pauses double, up to eight seconds.

    Args:
        error: What the attempt failed with.
        attempt: Its number, from 1.
        jitter: A random number from 0 to 1.
    """
    if isinstance(error, CallError) and error.info.retry_after is not None:
        return error.info.retry_after + jitter
    longest: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1))
    return longest * (0.5 + jitter / 2)


class RetryBudget(stop_base):
    """The attempts and the time of one call; tenacity asks it when to stop.

    Waiting for a rate limit, the client's own or the API's, is neither an attempt nor counted
    against ``call_timeout``.

    Attributes:
        rate_limit_remaining: Seconds that the call may still wait for rate limits.
    """

    def __init__(self, settings: RetrySettings, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._deadline = clock() + settings.call_timeout
        self._attempts_left = settings.attempts
        self.rate_limit_remaining = settings.rate_limit_timeout

    @property
    def remaining(self) -> float:
        """Seconds that are left of the call's own time."""
        return max(0.0, self._deadline - self._clock())

    def add_rate_limit_wait(self, seconds: float) -> None:
        """Count a wait for a rate limit that begins now."""
        self.rate_limit_remaining -= seconds
        self._deadline += seconds

    @override
    def __call__(self, retry_state: RetryCallState) -> bool:
        pause = retry_state.upcoming_sleep
        error = retry_state.outcome.exception() if retry_state.outcome else None
        if isinstance(error, RateLimitedError):
            if pause > self.rate_limit_remaining:
                return True
            self.add_rate_limit_wait(pause)
            return False
        self._attempts_left -= 1
        return self._attempts_left <= 0 or pause > self.remaining
