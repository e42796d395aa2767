"""Which addresses may be used without TLS: those of this machine, and no others."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from realtimekit_provider.constants import PUBLIC_BASE_URL

__all__ = ["describe_bad_base_url", "is_encrypted_or_local", "is_loopback"]


def is_loopback(host: str | None) -> bool:
    """Whether ``host`` is ``localhost`` or a loopback address; no resolver is asked."""
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_encrypted_or_local(url: str) -> bool:
    """Whether a credential may be sent to ``url``: it is https, or on loopback."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def describe_bad_base_url(text: str) -> str | None:
    """Return why the client may not call the URL ``text``, ``None`` where it may."""
    parts = _split_url(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"must be a URL such as {PUBLIC_BASE_URL}"
    if parts.username or parts.password or "?" in text or "#" in text:
        return (
            "must not hold credentials, a query or a fragment: the token is given by "
            "cloudflare:apiToken or CLOUDFLARE_API_TOKEN"
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return (
            f"must be https: http to {parts.hostname} would send the API token unencrypted (http "
            "is for loopback only)"
        )
    return None


def _split_url(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        has_usable_port = parts.port != 0
    except ValueError:
        return None
    return parts if has_usable_port and re.fullmatch(r"[!-~]+", text) else None
