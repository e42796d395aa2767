"""Trying again while a cloud is busy, or catches up with itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    retry_if_not_result,
    stop_before_delay,
    wait_fixed,
)
from tenacity.stop import stop_base

from realtimekit_provider.call_log import number_attempts
from realtimekit_provider.deployment.progress import report_wait

__all__ = ["retry_until", "wait_until"]

_Result = TypeVar("_Result")


def retry_until(
    is_final: Callable[[_Result], bool],
    call: Callable[[], _Result],
    *,
    stop: stop_base,
    pause: float,
    is_transient: Callable[[BaseException], bool] = lambda _: False,
    before_pause: Callable[[RetryCallState], None] = lambda _: None,
) -> _Result:
    """Call until a result is final, or it is time to stop; return the last result either way.

    Args:
        is_final: Whether a result needs no other try.
        call: What is called.
        stop: When no other try begins, in tenacity's terms.
        pause: Seconds between two tries.
        is_transient: Whether an exception may be tried again; the last one is raised.
        before_pause: Called before each pause, with tenacity's state of the tries.
    """
    retrying = Retrying(
        retry=retry_if_not_result(is_final) | retry_if_exception(is_transient),
        stop=stop,
        wait=wait_fixed(pause),
        sleep=time.sleep,
        before_sleep=before_pause,
        retry_error_callback=_return_last_outcome,
        reraise=True,
    )
    return retrying(number_attempts(call))


def wait_until(
    is_final: Callable[[_Result], bool],
    call: Callable[[], _Result],
    *,
    timeout: float,
    pause: float,
    reason: str,
) -> _Result:
    """Call until a result is final, and tell before each pause what is waited for.

    Args:
        is_final: Whether a result needs no other try.
        call: What is called.
        timeout: Seconds after which no other try begins; the last result is returned then.
        pause: Seconds between two tries.
        reason: Why, without a full stop: ``Google does not know the service account yet``.
    """
    return retry_until(
        is_final,
        call,
        stop=stop_before_delay(timeout),
        pause=pause,
        before_pause=lambda state: report_wait(state.seconds_since_start or 0.0, timeout, reason),
    )


def _return_last_outcome(state: RetryCallState) -> object:
    assert state.outcome is not None  # noqa: S101 - tenacity asks after a call
    return state.outcome.result()
