"""Which calls of Google are tried again, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tenacity import stop_after_attempt

from realtimekit_provider.storage.backends.gcs.api import ApiResponse, is_busy, parse_response
from realtimekit_provider.storage.backends.gcs.sdk import import_sdk
from realtimekit_provider.storage.backends.retry import retry_until

__all__ = ["call_while_busy"]

_Result = TypeVar("_Result")

_ATTEMPTS = 2
_PAUSE_SECONDS = 1.0


def call_while_busy(call: Callable[[], _Result], *, is_repeatable: bool = True) -> _Result:
    """Return what a call returns, which is made again where Google is busy or cannot be reached.

    Args:
        call: Returns an :class:`ApiResponse`, or raises what the SDK raises.
        is_repeatable: Whether it may be made twice.
    """
    return retry_until(
        lambda result: not (isinstance(result, ApiResponse) and is_busy(result)),
        call,
        stop=stop_after_attempt(_ATTEMPTS if is_repeatable else 1),
        pause=_PAUSE_SECONDS,
        is_transient=_is_transient,
    )


def _is_transient(error: BaseException) -> bool:
    sdk = import_sdk()
    if isinstance(error, sdk.api_errors.GoogleAPICallError):
        return is_busy(parse_response(error.response))
    if isinstance(error, (sdk.auth_errors.RefreshError, sdk.auth_errors.MalformedError)):
        return False
    return isinstance(error, (sdk.auth_errors.GoogleAuthError, OSError))
