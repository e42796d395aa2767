"""Who may call the API: tokens, accounts and apps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from realtimekit_emulator.errors import (
    ForbiddenError,
    InvalidHeadersError,
    NotFoundError,
    RouteNotFoundError,
    UnauthorizedError,
)

DEFAULT_TOKEN = "emulator-token"  # noqa: S105 - documented, opens nothing but an emulator
DEFAULT_ACCOUNT = "00000000000000000000000000e31a70"
DEFAULT_APP = "5ca1ab1e-0000-4000-8000-00000000a990"

_LONGEST_ACCOUNT = 32
# What RFC 6750 lets a bearer token be.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


@dataclass
class Access:
    """The tokens, accounts and apps that exist.

    A token in ``forbidden`` is genuine but lacks the permission (403); one in neither set is
    unknown (401).
    """

    tokens: set[str] = field(default_factory=lambda: {DEFAULT_TOKEN}, repr=False)
    forbidden: set[str] = field(default_factory=set, repr=False)
    accounts: tuple[str, ...] = (DEFAULT_ACCOUNT,)
    apps: tuple[str, ...] = (DEFAULT_APP,)

    def check(self, token: str | None, account_id: str, app_id: str, path: str) -> None:
        """Do nothing if the token may call this account and app.

        Raises:
            ApiError: It may not, in the API's words.
        """
        if len(account_id) > _LONGEST_ACCOUNT:
            raise RouteNotFoundError(path)
        if not token:
            raise UnauthorizedError("Authentication error: no bearer token")
        if not _TOKEN.fullmatch(token):
            raise InvalidHeadersError
        if token in self.forbidden:
            raise ForbiddenError("Authentication error: the token lacks the permission")
        if token not in self.tokens:
            raise UnauthorizedError("Authentication error")
        if account_id not in self.accounts:
            raise ForbiddenError("Authentication error: the token is not for this account")
        if app_id not in self.apps:
            raise NotFoundError("App not found")

    def revoke(self, token: str) -> None:
        """Make a token unknown."""
        self.tokens.discard(token)
        self.forbidden.discard(token)

    def forbid(self, token: str) -> None:
        """Take the permission from a token."""
        self.tokens.discard(token)
        self.forbidden.add(token)

    def allow(self, token: str) -> None:
        """Make a token known and give it the permission."""
        self.forbidden.discard(token)
        self.tokens.add(token)
