"""API tokens, as far as the API tells of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

TokenOwner = Literal["user", "account"]
"""Whose a token is: a user's, or an account's own."""

TokenStatus = Literal["active", "disabled", "expired"]
"""What the API says of a token that it knows."""


@dataclass(frozen=True)
class Token:
    """A token that the API knows.

    Attributes:
        id: What the API calls it, which opens nothing.
        owner: Whose it is.
        is_disabled: Whether somebody has switched it off.
        expires_at: From when on it no longer works, in seconds since 1970; None for never.
    """

    id: str
    owner: TokenOwner = "user"
    is_disabled: bool = False
    expires_at: float | None = None

    def get_status(self, now: float) -> TokenStatus:
        """Return its status at a time."""
        if self.is_disabled:
            return "disabled"
        is_over = self.expires_at is not None and self.expires_at <= now
        return "expired" if is_over else "active"


def compute_token_id(token: str) -> str:
    """Return the id of a token: 32 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]
