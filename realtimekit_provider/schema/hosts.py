"""Hosts and endpoints that are called."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator

from realtimekit_provider.schema.addresses import is_encrypted_or_local

__all__ = ["Endpoint", "Host"]


_LABEL = r"(?!-)[\w-]{1,63}(?<!-)"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")
_LONGEST_NAME = 254


def _check_host(text: str) -> str:
    address = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    try:
        ipaddress.ip_address(address)
    except ValueError:
        if not _HOST_NAME.fullmatch(text) or len(text) > _LONGEST_NAME:
            raise ValueError(
                "must be a host name or an IP address, without scheme, port or path"
            ) from None
        return text
    return address


def _check_endpoint(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+", text):
        raise ValueError(
            "must be scheme and host alone, such as https://fra1.digitaloceanspaces.com"
        )
    if not is_encrypted_or_local(text):
        raise ValueError("must use https: http would send the credential unencrypted")
    return text


Host = Annotated[str, AfterValidator(_check_host)]
"""A host name or an IP address alone, also one in another script; brackets are dropped."""

Endpoint = Annotated[str, AfterValidator(_check_endpoint)]
"""The URL of a cloud's API: scheme and host; ``http`` is for loopback only."""
