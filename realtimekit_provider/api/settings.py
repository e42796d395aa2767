"""How to reach the API, and the timing of every call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from realtimekit_provider.errors import SettingsError
from realtimekit_provider.schema.addresses import is_loopback

__all__ = [
    "DEFAULT_RATE_LIMITS",
    "PUBLIC_BASE_URL",
    "ClientSettings",
    "RateLimit",
    "scaled_limits",
    "validated_base_url",
]

PUBLIC_BASE_URL = "https://api.cloudflare.com/client/v4"
"""Cloudflare's public API."""


@dataclass(frozen=True)
class RateLimit:
    """At most ``calls`` requests in any ``seconds`` seconds."""

    calls: int
    seconds: float


DEFAULT_RATE_LIMITS = (RateLimit(950, 60.0), RateLimit(240, 10.0), RateLimit(1150, 300.0))
"""Just below the published limits: 1000 requests for recordings in 50 to 60 s, 250 of
RealtimeKit in 10 s, 1200 of any kind in 5 minutes for a token."""


def scaled_limits(share: float) -> tuple[RateLimit, ...]:
    """Return a share of the default limits, of each at least one call; none of them for 0."""
    if not share:
        return ()
    return tuple(
        RateLimit(max(1, int(budget.calls * share)), budget.seconds)
        for budget in DEFAULT_RATE_LIMITS
    )


@dataclass(frozen=True)
class ClientSettings:
    """Where the API is, with which token, and how long a call may take.

    Attributes:
        token: The API token; only ever sent to ``base_url``'s host.
        base_url: ``https``, or ``http`` on loopback.
        connect_timeout: Seconds until a connection stands.
        request_timeout: Seconds for one request, from connecting to the answer's last byte; the
            steps of a proxy's tunnel have ``connect_timeout`` each before that.
        call_timeout: Seconds for a call with all its repetitions and their pauses.
        rate_limit_timeout: Seconds that a call waits for a budget, beyond ``call_timeout``.
        attempts: How often a call is tried where trying again is safe; waits for a budget apart.
        rate_limits: What the client stays within by itself; empty switches the limiter off.
    """

    token: SecretStr
    base_url: str = PUBLIC_BASE_URL
    connect_timeout: float = 10.0
    request_timeout: float = 30.0
    call_timeout: float = 120.0
    rate_limit_timeout: float = 330.0
    attempts: int = 5
    rate_limits: tuple[RateLimit, ...] = DEFAULT_RATE_LIMITS

    def __post_init__(self) -> None:
        # Python's HTTP library refuses such a header by an error that quotes it.
        if not re.fullmatch(r"[!-~]+", self.token.get_secret_value()):
            raise SettingsError(
                "the API token (cloudflare:apiToken, CLOUDFLARE_API_TOKEN) is empty or holds "
                "spaces, line breaks or letters that no token has: copy it again"
            )


def validated_base_url(text: str) -> str:
    """Return ``text`` without a trailing slash.

    Raises:
        SettingsError: It is not a URL, holds credentials or a query, or would send the
            token unencrypted to another machine.
    """
    parts = _split(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(
            f"cloudflare:baseUrl (CLOUDFLARE_BASE_URL) must be a URL such as {PUBLIC_BASE_URL}"
        )
    if parts.username or parts.password or "?" in text or "#" in text:
        raise SettingsError(
            "cloudflare:baseUrl (CLOUDFLARE_BASE_URL) must not hold credentials, a query or a "
            "fragment: the token is given by cloudflare:apiToken or CLOUDFLARE_API_TOKEN"
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise SettingsError(
            f"cloudflare:baseUrl (CLOUDFLARE_BASE_URL) must be https: http to {parts.hostname} "
            "would send the API token unencrypted (http is for loopback only)"
        )
    return text.rstrip("/")


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        has_usable_port = parts.port != 0
    except ValueError:
        return None
    return parts if has_usable_port and re.fullmatch(r"[!-~]+", text) else None
