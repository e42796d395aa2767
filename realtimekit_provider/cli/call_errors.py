"""What to do about a call of the API that failed, for who only reads: pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from realtimekit_provider.constants import PUBLIC_BASE_URL
from realtimekit_provider.errors import (
    CallError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    TokenRejectedError,
)

__all__ = ["WRONG_APP_ADVICE", "describe_call_error", "get_host"]

WRONG_APP_ADVICE = (
    "set realtimekit:appId to the id that the dashboard shows for the RealtimeKit app"
)
"""What to do where the account has no such app."""

_SUCCESS = 2
_NO_EFFECT = "Nothing was changed by this call: "


def get_host(base_url: str | None) -> str:
    """Return the host that calls go to, with its port where one is given.

    Args:
        base_url: What is set, ``None`` for the public API.
    """
    try:
        address = urlsplit(base_url or PUBLIC_BASE_URL)
        host, port = address.hostname or "", address.port
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def describe_call_error(error: CallError, host: str) -> tuple[str, str]:
    """Return what happened, and what to do about it.

    The error's own text advises deployments, which is no use where nothing was to be changed.

    Args:
        error: The error.
        host: Where the API is.
    """
    begin, _, advice = error.summary.partition(". ")
    sentence = f"{begin}{str(error).removeprefix(error.summary)}"
    advice = advice.removeprefix(_NO_EFFECT)
    advice = advice[:1].lower() + advice[1:]
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
