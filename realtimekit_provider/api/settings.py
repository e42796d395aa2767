"""Where the API is, with which token, and how long every call may take."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pydantic import SecretStr

from realtimekit_provider.api.rate_limiter import DEFAULT_RATE_LIMITS, RateLimit
from realtimekit_provider.api.retry import RetrySettings
from realtimekit_provider.constants import PUBLIC_BASE_URL
from realtimekit_provider.errors import SettingsError
from realtimekit_provider.schema.addresses import describe_bad_base_url
from realtimekit_provider.schema.credentials import describe_invisible_edge

__all__ = ["ClientSettings", "validate_base_url"]


@dataclass(frozen=True)
class ClientSettings:
    """Where the API is, with which token, and how long a call may take.

    Attributes:
        token: The API token; only ever sent to ``base_url``'s host.
        base_url: ``https``, or ``http`` on loopback.
        connect_timeout: Seconds until a connection is open.
        request_timeout: Seconds for one request, from connecting to the response's last byte; the
            steps of a proxy's tunnel have ``connect_timeout`` each before that.
        retry: How often and how long a call is tried.
        rate_limits: What the client stays within by itself; empty switches the limiter off.

    Raises:
        SettingsError: The token holds what no header can hold.
    """

    token: SecretStr
    base_url: str = PUBLIC_BASE_URL
    connect_timeout: float = 10.0
    request_timeout: float = 30.0
    retry: RetrySettings = field(default_factory=RetrySettings)
    rate_limits: tuple[RateLimit, ...] = DEFAULT_RATE_LIMITS

    def __post_init__(self) -> None:
        # Python's HTTP library refuses such a header by an error that quotes it.
        token = self.token.get_secret_value()
        if not re.fullmatch(r"[!-~]+", token):
            fault = describe_invisible_edge(token) or (
                "is empty or holds spaces, line breaks or letters that no token has"
            )
            raise SettingsError(
                f"the API token (cloudflare:apiToken, CLOUDFLARE_API_TOKEN) {fault}: copy it again"
            )


def validate_base_url(text: str) -> str:
    """Return the URL ``text`` without a trailing slash, if it is one that the client may call.

    Raises:
        SettingsError: It is not a URL, holds credentials or a query, or would send the
            token unencrypted to another machine.
    """
    reason = describe_bad_base_url(text)
    if reason is not None:
        raise SettingsError(f"cloudflare:baseUrl (CLOUDFLARE_BASE_URL) {reason}")
    return text.rstrip("/")
