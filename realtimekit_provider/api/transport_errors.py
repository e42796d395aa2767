"""What a request without a response means: whether it may have been sent, and what happened.

The library's own texts are not used: they may quote URLs and headers.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import requests
from urllib3 import exceptions as urllib3_errors

from realtimekit_provider.api.connection_failures import (
    WITHOUT_CONNECTION,
    explain_missing_connection,
)
from realtimekit_provider.api.network_settings import NetworkSettings
from realtimekit_provider.errors import NotSentError, OutcomeUnknownError

__all__ = ["ResponseTooLargeError", "TransportFailure", "classify_transport_error"]


class ResponseTooLargeError(Exception):
    """A response is larger than any that the API sends."""


@dataclass(frozen=True)
class TransportFailure:
    """Why a request has no response.

    Attributes:
        kind: The error that it is for whoever made the request.
        summary: What happened, behind the host's name and a colon.
        advice: What to do about it, where that follows from the cause alone; else empty.
    """

    kind: type[NotSentError | OutcomeUnknownError]
    summary: str
    advice: str = ""


def classify_transport_error(
    error: Exception, network: NetworkSettings, *, is_sent: bool
) -> TransportFailure:
    """Return what a failed request stands for.

    Args:
        error: What the library raised.
        network: How this machine reaches the API.
        is_sent: Whether the request may have begun to leave this machine.
    """
    causes = list(_list_causes(error))
    if is_sent and not any(isinstance(cause, WITHOUT_CONNECTION) for cause in causes):
        return TransportFailure(OutcomeUnknownError, _summarize_lost_response(causes))
    return TransportFailure(*explain_missing_connection(causes, network))


_SUMMARIES_OF_LOST_RESPONSES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (
        (ResponseTooLargeError, urllib3_errors.ReadTimeoutError, TimeoutError),
        "the response did not end",
    ),
    ((ssl.SSLError, urllib3_errors.SSLError), "TLS failed before the response was complete"),
)


def _summarize_lost_response(causes: list[BaseException]) -> str:
    if isinstance(causes[0], requests.Timeout):
        return "no response within the time allowed"
    for kinds, summary in _SUMMARIES_OF_LOST_RESPONSES:
        if any(isinstance(cause, kinds) for cause in causes):
            return summary
    return "the connection was cut before the response was complete"


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what it wraps: requests wraps urllib3, which wraps sockets."""
    while error is not None:
        yield error
        wrapped = (getattr(error, "reason", None), *error.args)
        error = next((inner for inner in wrapped if isinstance(inner, BaseException)), None)
