"""One line at debug level for each call of the API and of a cloud.

The lines go to loggers below ``realtimekit_provider.calls``. The SDKs' own loggers stay silent:
they write headers, queries and bodies, and with them credentials.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from itertools import count
from types import TracebackType
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from typing_extensions import Self

from realtimekit_provider.redaction import redact, to_one_line

__all__ = ["CallLog", "find_request_id", "host_and_path", "number_attempts"]

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

_REQUEST_ID_HEADERS = (
    "cf-ray",
    "x-amz-request-id",
    "x-amzn-requestid",
    "x-ms-request-id",
    "x-goog-request-id",
    "x-guploader-uploadid",
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,200}")
_LONGEST_PATH = 500
_ATTEMPT: ContextVar[int] = ContextVar("attempt", default=1)


class CallLog:
    """Writes one line about one attempt of a call: its response, or the error that it ended in.

    Used as a context manager, it also writes the line for an error that leaves the block.
    """

    def __init__(
        self,
        service: str,
        method: str,
        path: str,
        *,
        attempt: int | None = None,
        secrets: Iterable[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin the call now.

        Args:
            service: Who is called, such as ``RealtimeKit`` or ``Azure``.
            method: The HTTP method, or the name of the operation.
            path: What is called; without a query, as :func:`host_and_path` returns it.
            attempt: Which attempt it is, from 1; that of :func:`number_attempts` by default.
            secrets: Credentials that the line must not hold, beside those that can be recognised.
            clock: Monotonic seconds.
        """
        self._service = service
        self._call = f"{method} {path[:_LONGEST_PATH]}"
        self._attempt = _ATTEMPT.get() if attempt is None else attempt
        self._secrets = tuple(secrets)
        self._clock = clock
        self._start = clock()
        self._is_logged = False

    def log_response(self, status: int | str, headers: Mapping[str, str] | None = None) -> None:
        """Write the line of a call that was answered.

        Args:
            status: The HTTP status, or ``OK``.
            headers: The response's headers, for the request's id.
        """
        self._write(f"answered {status}", find_request_id(headers or {}, self._secrets))

    def log_error(self, error: BaseException) -> None:
        """Write the line of a call without an answer; an error's text may hold anything."""
        self._write(f"failed with {type(error).__name__}", "")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and not self._is_logged:
            self.log_error(error)

    def _write(self, outcome: str, request_id: str) -> None:
        self._is_logged = True
        logger = logging.getLogger(f"realtimekit_provider.calls.{self._service.lower()}")
        if not logger.isEnabledFor(logging.DEBUG):
            return
        seconds = self._clock() - self._start
        details = ", ".join(filter(None, (f"attempt {self._attempt}", request_id)))
        line = f"{self._service}: {self._call} {outcome} after {seconds:.3f} s ({details})"
        logger.debug("%s", to_one_line(redact(line, self._secrets)))


def host_and_path(url: str) -> str:
    """Return a URL's host and path: neither a user name, nor a password, nor a query."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"


def find_request_id(headers: Mapping[str, str], secrets: Iterable[str] = ()) -> str:
    """Return the header that names the request for the service's support, as ``NAME VALUE``.

    Any server can write it: what does not look like an id, or holds a secret, is left out.
    """
    by_name = {str(name).lower(): str(value) for name, value in headers.items()}
    for name in _REQUEST_ID_HEADERS:
        value = by_name.get(name, "")
        if _REQUEST_ID.fullmatch(value) and redact(value, secrets) == value:
            return f"{name} {value}"
    return ""


def number_attempts(call: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Return ``call`` so that what is logged in its first run is attempt 1, then 2, and so on."""
    attempts = count(1)

    def call_numbered(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
        token = _ATTEMPT.set(next(attempts))
        try:
            return call(*args, **kwargs)
        finally:
            _ATTEMPT.reset(token)

    return call_numbered
