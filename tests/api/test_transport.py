"""What a failed request can have done, decided from the exception alone."""

from __future__ import annotations

import socket
import ssl
from typing import Any, cast

import pytest
import requests
import urllib3.exceptions as u3
from urllib3.connection import HTTPConnection

from realtimekit_provider.api.network_settings import NetworkSettings
from realtimekit_provider.api.transport_errors import TransportFailure, classify_transport_error
from realtimekit_provider.errors import NotSentError, OutcomeUnknownError
from tests.example_values import CANARY

CONNECTION = HTTPConnection("127.0.0.1", 9)
POOL = cast("Any", "pool")
"""What is only quoted in the text of an exception."""

NO_CONNECTION = {
    "refused": u3.NewConnectionError(CONNECTION, "[Errno 111] ApiSession refused"),
    "unreachable": u3.NewConnectionError(CONNECTION, "[Errno 101] Network is unreachable"),
    "no such name": u3.NameResolutionError(
        "api.example", CONNECTION, socket.gaierror(-2, "CANARY")
    ),
    "too slow to connect": u3.ConnectTimeoutError(CONNECTION, "timed out: CANARY"),
}
SENT = {
    "cut": u3.ProtocolError("ApiSession aborted: CANARY", ConnectionResetError(104, "reset")),
    "half an answer": u3.IncompleteRead(17, 25),
    "too slow to answer": u3.ReadTimeoutError(POOL, "http://CANARY", "timed out"),
    "a broken encoding": u3.DecodeError("CANARY"),
    "a socket's own error": OSError(104, "CANARY"),
    "a timeout of a socket": TimeoutError("CANARY"),
    "a TLS error": requests.exceptions.SSLError(u3.SSLError(ssl.SSLError("CANARY"))),
    "a proxy's error": requests.exceptions.ProxyError(
        u3.MaxRetryError(POOL, "/", u3.ProxyError("CANARY", OSError("refused")))
    ),
    "a retry that was exhausted": u3.MaxRetryError(POOL, "/CANARY", u3.ResponseError("CANARY")),
}

KINDS_OF_REQUESTS = {
    "ChunkedEncodingError": OutcomeUnknownError,
    "ConnectTimeout": NotSentError,
    "ConnectionError": OutcomeUnknownError,
    "ContentDecodingError": OutcomeUnknownError,
    "HTTPError": OutcomeUnknownError,
    "InvalidHeader": OutcomeUnknownError,
    "InvalidJSONError": OutcomeUnknownError,
    "InvalidProxyURL": OutcomeUnknownError,
    "InvalidSchema": OutcomeUnknownError,
    "InvalidURL": OutcomeUnknownError,
    "JSONDecodeError": OutcomeUnknownError,
    "MissingSchema": OutcomeUnknownError,
    "ProxyError": OutcomeUnknownError,
    "ReadTimeout": OutcomeUnknownError,
    "RequestException": OutcomeUnknownError,
    "RetryError": OutcomeUnknownError,
    "SSLError": OutcomeUnknownError,
    "StreamConsumedError": OutcomeUnknownError,
    "Timeout": OutcomeUnknownError,
    "TooManyRedirects": OutcomeUnknownError,
    "URLRequired": OutcomeUnknownError,
    "UnrewindableBodyError": OutcomeUnknownError,
}
"""Only what proves that nothing was sent is NotSentError: the rest is asked about."""


def classify(error: Exception, *, is_sent: bool = True) -> TransportFailure:
    return classify_transport_error(error, NetworkSettings("api.example.com"), is_sent=is_sent)


def wrapped(reason: Exception) -> Exception:
    """Return what ``requests`` raises for a reason of urllib3's."""
    return requests.ConnectionError(u3.MaxRetryError(POOL, "/CANARY", reason))


def kinds_of_requests() -> dict[str, type[requests.RequestException]]:
    return {
        name: kind
        for name, kind in vars(requests.exceptions).items()
        if isinstance(kind, type) and issubclass(kind, requests.RequestException)
    }


@pytest.mark.parametrize("reason", NO_CONNECTION)
def test_without_a_connection_nothing_was_sent(reason: str) -> None:
    """However the libraries wrap it, the request may be repeated."""
    plain = NO_CONNECTION[reason]
    assert classify(plain).kind is NotSentError
    assert classify(wrapped(plain)).kind is NotSentError


@pytest.mark.parametrize("reason", SENT)
def test_anything_later_may_have_had_its_effect(reason: str) -> None:
    """The request must not be repeated without asking what it did."""
    assert classify(SENT[reason]).kind is OutcomeUnknownError


@pytest.mark.parametrize("reason", SENT)
def test_before_a_connection_none_of_it_had_an_effect(reason: str) -> None:
    """The same exceptions are raised by proxies and handshakes, before anything is sent."""
    failure = classify(SENT[reason], is_sent=False)
    assert issubclass(failure.kind, NotSentError)
    assert failure.advice


def test_every_exception_of_the_library_is_decided_on() -> None:
    """A new release of ``requests`` with another exception fails here."""
    assert set(kinds_of_requests()) == set(KINDS_OF_REQUESTS)


@pytest.mark.parametrize("name", KINDS_OF_REQUESTS)
def test_an_exception_of_the_library_means(name: str) -> None:
    """By its class alone, where there is nothing inside it."""
    kind = kinds_of_requests()[name]
    error = kind("CANARY", "", 0) if name == "JSONDecodeError" else kind("CANARY")
    assert classify(error).kind is KINDS_OF_REQUESTS[name]
    assert issubclass(classify(error, is_sent=False).kind, NotSentError)


def test_the_librarys_texts_are_not_quoted() -> None:
    """They may hold URLs and headers."""
    errors = [*NO_CONNECTION.values(), *map(wrapped, NO_CONNECTION.values()), *SENT.values()]
    failures = [classify(error, is_sent=is_sent) for error in errors for is_sent in (True, False)]
    messages = " ".join(failure.summary + failure.advice for failure in failures)
    assert CANARY not in messages


def test_a_refused_connection_is_called_so() -> None:
    """Most often the emulator is not running, or the port is wrong."""
    assert classify(wrapped(NO_CONNECTION["refused"])).summary == "the connection was refused"
