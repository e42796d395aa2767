"""Which addresses may be used without TLS: those of this machine, and no others."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

__all__ = ["is_encrypted_or_local", "is_loopback"]


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
