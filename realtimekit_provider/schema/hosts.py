"""Hosts and endpoints that are spoken to."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator

from realtimekit_provider.schema.addresses import is_encrypted_or_local

__all__ = ["Endpoint", "Host"]


def _check_host(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", text):
            raise ValueError(
                "must be a host name or an IP address, without scheme, port or path"
            ) from None
    return text


def _check_endpoint(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+", text):
        raise ValueError(
            "must be scheme and host alone, such as https://fra1.digitaloceanspaces.com"
        )
    if not is_encrypted_or_local(text):
        raise ValueError("must use https: http would send the credential unencrypted")
    return text


Host = Annotated[str, AfterValidator(_check_host)]
"""A host name or an IP address alone."""

Endpoint = Annotated[str, AfterValidator(_check_endpoint)]
"""The URL of a cloud's API: scheme and host; ``http`` is for loopback only."""
