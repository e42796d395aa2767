"""What to do about a call of the API that failed, for who only reads: pure."""

from __future__ import annotations

from realtimekit_provider.errors import (
    CallError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    TokenRejectedError,
)

__all__ = ["describe_call_error"]

_SUCCESS = 2


def describe_call_error(error: CallError, host: str) -> tuple[str, str]:
    """Return what happened, and what to do about it.

    The error's own text advises deployments, which is no use where nothing was to be changed.

    Args:
        error: The error.
        host: Where the API is.
    """
    sentence, _, advice = error.summary.partition(". ")
    if isinstance(error, TokenRejectedError):
        return sentence, "'realtimekit doctor' tells which of token, account and app is wrong"
    if isinstance(error, RateLimitedError):
        return sentence, "wait, and see what else calls the API with this token"
    if not isinstance(error, OutcomeUnknownError):
        again = "" if isinstance(error, NotSentError) else f"see what answers at {host}"
        return sentence, advice or again or "run it again"
    return sentence, f"run it again; if it fails again, {_advise_on_answer(error, host)}"


def _advise_on_answer(error: OutcomeUnknownError, host: str) -> str:
    status = error.info.status
    if status is None:
        return f"see whether this machine reaches {host}, and whether the API has an outage"
    if status // 100 == _SUCCESS:
        return f"see what answers at {host}: it is not the API, or not all of it"
    return "see whether the API has an outage"
