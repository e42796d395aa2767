"""Azure's connection strings, taken apart: the account, its key, a shared access signature."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from urllib.parse import parse_qs

from realtimekit_provider.schema.addresses import is_encrypted_or_local
from realtimekit_provider.schema.parsing.private_keys import trim

__all__ = ["check_expiry", "find_account", "parse_connection_string"]

_KEY, _SAS = "accountkey", "sharedaccesssignature"
_NAME, _ENDPOINT = "accountname", "blobendpoint"
_EXPECTED = (
    "must be the storage account's connection string "
    "(…;AccountName=…;AccountKey=… or …;BlobEndpoint=…;SharedAccessSignature=…)"
)
_QUOTES = "\"'"
_ENDPOINT_OF_AZURE = re.compile(
    r"https?://([a-z0-9]{3,24})\.blob\.[a-z0-9.-]+(?::\d+)?(/.*)?", re.IGNORECASE
)
"""Where an account's blobs are, with a path after it; other hosts are domains of one's own."""


def parse_connection_string(text: str) -> Mapping[str, str]:
    """Return the parts of a connection string, by their names in lower case.

    Raises:
        ValueError: Azure's SDK cannot use it, or what it grants is not enough to write.
    """
    stripped = trim(text)
    if stripped and (stripped[0] in _QUOTES or stripped[-1] in _QUOTES):
        raise ValueError("stands in quotation marks: store it without them")
    if re.search(r"\s", stripped):
        raise ValueError("has a space or a line break within: copy it again, as one line")
    pairs = [part.partition("=") for part in stripped.rstrip(";").split(";")]
    parts = {name.lower(): value for name, _, value in pairs}
    if not parts.get(_KEY) and not parts.get(_SAS):
        raise ValueError(_EXPECTED)
    if any(not separator for _, separator, _ in pairs):
        raise ValueError(f"has a part that is not NAME=VALUE, and {_EXPECTED}")
    _check_account(parts)
    if parts.get(_KEY):
        _check_account_key(parts[_KEY])
    else:
        _check_signature(parts[_SAS])
    return parts


def find_account(parts: Mapping[str, str]) -> str | None:
    """Return the account that a connection string writes to, ``None`` where it does not say.

    Args:
        parts: What :func:`parse_connection_string` returned.
    """
    endpoint = _ENDPOINT_OF_AZURE.fullmatch(parts.get(_ENDPOINT) or "")
    return endpoint[1].lower() if endpoint else parts.get(_NAME) or None


def check_expiry(parts: Mapping[str, str], now: datetime) -> None:
    """Raise a ``ValueError`` where a connection string's signature is not valid at ``now``.

    Args:
        parts: What :func:`parse_connection_string` returned.
        now: A point in time, with its zone.
    """
    if parts.get(_KEY):
        return
    fields = parse_qs(parts[_SAS])
    ends = _parse_time(fields.get("se", [""])[0])
    begins = _parse_time(fields.get("st", [""])[0])
    if ends is not None and ends <= now:
        raise ValueError(
            f"holds a SharedAccessSignature that expired at {ends:%Y-%m-%d %H:%M} UTC: create "
            "another one (for storage of this stack, raise key_generation by one)"
        )
    if begins is not None and begins > now:
        raise ValueError(
            f"holds a SharedAccessSignature that is not valid before {begins:%Y-%m-%d %H:%M} UTC"
        )


def _check_account(parts: Mapping[str, str]) -> None:
    if not parts.get(_ENDPOINT) and not parts.get(_NAME):
        raise ValueError("must name the account: the connection string lacks AccountName")
    if parts.get(_KEY) and not parts.get(_NAME):
        raise ValueError("must name the account: AccountKey needs AccountName beside it")
    if parts.get(_NAME) and not re.fullmatch(r"[a-z0-9]{3,24}", parts[_NAME]):
        raise ValueError("has an AccountName that is not 3 to 24 lower-case letters and digits")
    protocol = parts.get("defaultendpointsprotocol", "https").lower()
    if not is_encrypted_or_local(parts.get(_ENDPOINT) or f"{protocol}://azure.example"):
        raise ValueError("must use https: http would send the credential unencrypted")
    endpoint = _ENDPOINT_OF_AZURE.fullmatch(parts.get(_ENDPOINT) or "")
    if endpoint and (endpoint[2] or "/") != "/":
        raise ValueError(
            "has a BlobEndpoint with a path: end it after the host, since files would go to "
            "that container, and not to the one that is declared"
        )


def _check_account_key(key: str) -> None:
    try:
        base64.b64decode(key.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError(
            "has an AccountKey that is not base64, or only a part of it: copy it again"
        ) from None


def _check_signature(signature: str) -> None:
    if signature.startswith("?"):
        raise ValueError("has a '?' before its SharedAccessSignature: remove the '?'")
    fields = parse_qs(signature)
    if "sig" not in fields:
        raise ValueError("has a SharedAccessSignature without 'sig=': copy it again")
    if "si" in fields:
        return  # a policy in the account says what it may do, and how long
    if "w" not in fields.get("sp", [""])[0]:
        raise ValueError(
            "holds a SharedAccessSignature without the right to write: create one with the rights "
            "create and write (sp=cw)"
        )
    if fields.get("sr", ["c"])[0] != "c" and "srt" not in fields:
        raise ValueError(
            "holds a SharedAccessSignature for a single blob: create one for the container (sr=c)"
        )
    if "o" not in fields.get("srt", ["o"])[0] or "b" not in fields.get("ss", ["b"])[0]:
        raise ValueError(
            "holds a SharedAccessSignature that does not cover objects in the blob service: create "
            "one that does (ss=b, srt=co)"
        )
    if _parse_time(fields.get("se", [""])[0]) is None:
        raise ValueError("has a SharedAccessSignature without the time when it expires (se)")


def _parse_time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=timezone.utc)
