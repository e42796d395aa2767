"""One request, one response: the only module that opens a connection to RealtimeKit."""

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
from urllib3.exceptions import HTTPError

from realtimekit_provider.api.deadline_adapter import DeadlineAdapter
from realtimekit_provider.api.network_settings import read_network_settings
from realtimekit_provider.api.send_tracker import SendTracker
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.api.transport_errors import (
    ResponseTooLargeError,
    classify_transport_error,
)
from realtimekit_provider.constants import MAX_WORKERS
from realtimekit_provider.errors import CallInfo, NotSentError, OutcomeUnknownError
from realtimekit_provider.schema.addresses import is_loopback

__all__ = ["ApiResponse", "Transport"]

_MAX_RESPONSE_BYTES = 16 * 1024 * 1024
_POOL_SIZE = MAX_WORKERS  # so that no operation waits for another one's connection


@dataclass(frozen=True)
class ApiResponse:
    """A complete HTTP response.

    Attributes:
        status: The HTTP status.
        headers: By name, in any case.
        body: The content, decoded from its transfer and content encodings.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class _BearerToken(AuthBase):
    def __init__(self, token: SecretStr) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        return request


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Find no redirect anywhere.

        Even where it does not follow one, the library parses its target, which may be no URL,
        and reads its whole body without our timeout, which may never end.
        """


class Transport:
    """Sends requests over one connection pool, shared by all threads.

    Redirects are not followed, so that the token never reaches another host; cookies are
    not kept; on loopback, proxies of the environment are ignored.
    """

    def __init__(
        self, settings: ClientSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._auth = _BearerToken(settings.token)
        self._session = _Session()
        self._session.trust_env = not is_loopback(urlsplit(settings.base_url).hostname)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._tracker = SendTracker()
        adapter = DeadlineAdapter(
            clock, self._tracker, pool_connections=1, pool_maxsize=_POOL_SIZE, max_retries=0
        )
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
        """Send one request and read its response, whatever the status.

        Args:
            method: The HTTP method.
            path: Below the base URL.
            query: The query's keys and values.
            body: What is sent as JSON.
            timeout: Seconds for everything, where connecting does not take longer: each address
                of the host, and each step of a proxy's tunnel, has ``connect_timeout``.

        Raises:
            NotSentError: There was no connection, so the API saw nothing; the text says what to do.
            OutcomeUnknownError: The request went out and no complete response came back.
        """
        self._tracker.is_sent = False
        limits = Timeout(connect=self._settings.connect_timeout, total=timeout)
        try:
            with self._session.request(
                method,
                self._settings.base_url + path,
                params=query,
                json=body,
                auth=self._auth,
                allow_redirects=False,
                stream=True,
                timeout=cast("Any", limits),  # the types leave out what the documentation allows
            ) as response:
                return ApiResponse(response.status_code, response.headers, _read_body(response))
        except (requests.RequestException, HTTPError, OSError, ResponseTooLargeError) as error:
            raise self._explain(error, CallInfo(method, path)) from None

    def _explain(self, error: Exception, info: CallInfo) -> NotSentError | OutcomeUnknownError:
        network = read_network_settings(
            self._settings.base_url, reads_environment=self._session.trust_env
        )
        failure = classify_transport_error(error, network, is_sent=self._tracker.is_sent)
        advice = f". Nothing was changed by this call: {failure.advice}" if failure.advice else ""
        return failure.kind(f"{network.host}: {failure.summary}{advice}", info)


def _read_body(response: requests.Response) -> bytes:
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=True):
        body += chunk
        if len(body) > _MAX_RESPONSE_BYTES:
            response.raw.close()
            raise ResponseTooLargeError
    return bytes(body)
