"""Names and ids of what the API knows: account, app, meeting, user, layer, file name prefix."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from realtimekit_provider.schema.file_name_prefix import check_file_name_prefix
from realtimekit_provider.schema.values import match_pattern

__all__ = ["AccountId", "AppId", "FileNamePrefix", "Identifier", "LayerName", "MeetingId"]

Identifier = Annotated[
    str, match_pattern(r"[^\s/?#]+", "must not be empty or contain spaces, '/', '?' or '#'")
]
"""An id that the API gave; it becomes part of a URL."""

MeetingId = Identifier
"""The id of a meeting."""

AccountId = Annotated[
    str,
    match_pattern(
        r"[0-9A-Fa-f]{32}",
        "must be the account's id: 32 hexadecimal digits (in YAML, quote one without letters)",
    ),
]
"""The id of a Cloudflare account."""

AppId = Annotated[
    str,
    match_pattern(
        r"[A-Za-z0-9_-]{1,128}", "must be the app's id: 1 to 128 letters, digits, '_', '-'"
    ),
]
"""The id of a RealtimeKit app."""

LayerName = Annotated[
    str,
    match_pattern(
        r"[^\s.\[\]{}/]+",
        "a layer's name must not be empty or contain spaces, '.', '/' or brackets",
    ),
]
"""The name of a layer, which is a key in ``layers`` and stands in paths of messages."""

FileNamePrefix = Annotated[str, AfterValidator(check_file_name_prefix)]
"""How the name of a layer's file begins: letters, digits, ``_`` and the word ``{mark}``."""
