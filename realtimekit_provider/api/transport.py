"""One request, one answer: the only place that touches a socket towards RealtimeKit."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr
from requests.auth import AuthBase
from urllib3 import Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

from realtimekit_provider.api.deadline_adapter import DeadlineAdapter
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.errors import CallInfo, NotSentError, OutcomeUnknownError
from realtimekit_provider.schema.addresses import is_loopback

__all__ = ["ApiResponse", "Transport", "classify_transport_error"]

_LARGEST_ANSWER = 16 * 1024 * 1024
_POOL_SIZE = 8


@dataclass(frozen=True)
class ApiResponse:
    """An HTTP answer, complete."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _TooLargeError(Exception):
    """An answer that takes more space than an answer may."""


class _BearerToken(AuthBase):
    def __init__(self, token: SecretStr) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        return request


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """See no redirect anywhere.

        Even where it does not follow one, the library parses its target, which may be no URL,
        and reads its whole body without our bounds, which may never end.
        """


class Transport:
    """Sends requests over one connection pool, shared by all threads.

    Redirects are not followed, so that the token never reaches another host; cookies are
    not kept; on loopback, proxies of the environment are passed over.
    """

    def __init__(
        self, settings: ClientSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._auth = _BearerToken(settings.token)
        self._session = _Session()
        self._session.trust_env = not is_loopback(urlsplit(settings.base_url).hostname)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = DeadlineAdapter(clock, pool_connections=1, pool_maxsize=_POOL_SIZE, max_retries=0)
        self._session.mount(settings.base_url, adapter)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout: float,
    ) -> ApiResponse:
        """Send one request and read its answer, whatever the status.

        Within ``timeout`` seconds, where connecting does not take longer: each address of the
        host, and each step of a proxy's tunnel, has ``connect_timeout``.

        Raises:
            NotSentError: No connection came about, so the API saw nothing.
            OutcomeUnknownError: The request went out and no complete answer came back.
        """
        bounds = Timeout(connect=self._settings.connect_timeout, total=timeout)
        try:
            with self._session.request(
                method,
                self._settings.base_url + path,
                params=query,
                json=body,
                auth=self._auth,
                allow_redirects=False,
                stream=True,
                timeout=cast("Any", bounds),  # the types leave out what the documentation allows
            ) as response:
                return ApiResponse(response.status_code, response.headers, _content(response))
        except (requests.RequestException, HTTPError, OSError, _TooLargeError) as error:
            kind, happened = classify_transport_error(error)
            host = urlsplit(self._settings.base_url).netloc
            raise kind(f"{host}: {happened}", CallInfo(method, path)) from None


def _content(response: requests.Response) -> bytes:
    content = bytearray()
    while chunk := response.raw.read1(65536, decode_content=True):
        content += chunk
        if len(content) > _LARGEST_ANSWER:
            response.raw.close()
            raise _TooLargeError
    return bytes(content)


def classify_transport_error(
    error: Exception,
) -> tuple[type[NotSentError | OutcomeUnknownError], str]:
    """Return whether a failed request can have had an effect, and what to say of it.

    The library's own texts are not used: they like to quote URLs and headers.
    """
    reason = _root(error)
    if isinstance(reason, NewConnectionError):
        refused = "refused" in str(reason).lower()
        return NotSentError, "the connection was refused" if refused else "no connection"
    if isinstance(reason, (ConnectTimeoutError, requests.ConnectTimeout)):
        return NotSentError, "no connection within the time allowed"
    for kinds, text in _LOST:
        if isinstance(error, kinds):
            return OutcomeUnknownError, text
    return OutcomeUnknownError, "the connection was cut before the answer was complete"


_LOST: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((_TooLargeError, ReadTimeoutError), "the answer did not end"),
    ((requests.exceptions.SSLError,), "TLS failed: is the certificate one that is trusted here?"),
    ((requests.exceptions.ProxyError,), "the proxy did not pass it on"),
    ((requests.Timeout,), "no answer within the time allowed"),
)


def _root(error: BaseException) -> BaseException:
    """Unwrap to the innermost reason: requests wraps urllib3, which wraps sockets."""
    inner = getattr(error, "reason", None)
    if not isinstance(inner, BaseException) and error.args:
        inner = error.args[0]
    return _root(inner) if isinstance(inner, BaseException) else error
