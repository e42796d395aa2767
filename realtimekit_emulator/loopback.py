"""Which hosts are this machine: the emulator serves and connects to nothing else."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

# Programs that read URLs disagree about a backslash and about what stands before an @.
_PLAIN_URL = re.compile(r"https?://[^\s\\@]+", re.IGNORECASE)


class NotLoopbackError(ValueError):
    """An address is not on this machine."""


def is_loopback(host: str) -> bool:
    """Return whether a host can be nothing but this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Return whether an HTTP URL leads to this machine."""
    try:
        return _PLAIN_URL.fullmatch(url) is not None and is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False
