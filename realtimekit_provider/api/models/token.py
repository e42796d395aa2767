"""An API token as the API describes it. Source: API reference, *Verify Token*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from realtimekit_provider.api.models.recording import parse_time

__all__ = ["TokenInfo", "TokenOwner", "parse_token_info"]

TokenOwner = Literal["account", "user"]
"""Whose a token is: an account's own, or a user's."""


@dataclass(frozen=True)
class TokenInfo:
    """What the API says of a token that it knows.

    Attributes:
        owner: Whose it is.
        status: ``active``, ``disabled``, ``expired``, or what else the API says; empty where it
            says nothing.
        expires_at: From when on it is not accepted; ``None`` for never.
        not_before: Until when it is not accepted; ``None`` where it is from the start.
    """

    owner: TokenOwner
    status: str
    expires_at: datetime | None = None
    not_before: datetime | None = None


def parse_token_info(owner: TokenOwner, data: Any) -> TokenInfo:
    """Return what a response's ``result`` says of a token; never raises."""
    given = data if isinstance(data, Mapping) else {}
    return TokenInfo(
        owner,
        _parse_text(given.get("status")) or "",
        parse_time(_parse_text(given.get("expires_on"))),
        parse_time(_parse_text(given.get("not_before"))),
    )


def _parse_text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.isprintable() else None
