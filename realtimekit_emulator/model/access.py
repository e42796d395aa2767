"""Who may call the API: tokens, accounts and apps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from realtimekit_emulator.errors import (
    ForbiddenError,
    InvalidHeadersError,
    NotFoundError,
    RouteNotFoundError,
    UnauthorizedError,
    UnknownTokenError,
)
from realtimekit_emulator.model.tokens import Token, compute_token_id

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
    unknown (401). ``details`` has what else is known of a token: those that are not in it belong
    to a user and never expire.
    """

    tokens: set[str] = field(default_factory=lambda: {DEFAULT_TOKEN}, repr=False)
    forbidden: set[str] = field(default_factory=set, repr=False)
    details: dict[str, Token] = field(default_factory=dict, repr=False)
    accounts: tuple[str, ...] = (DEFAULT_ACCOUNT,)
    apps: tuple[str, ...] = (DEFAULT_APP,)

    def check(self, token: str | None, params: Mapping[str, str], path: str, now: float) -> None:
        """Do nothing if the token may call this account and app.

        Args:
            token: The bearer token.
            params: What the path names: ``account_id`` and ``app_id``.
            path: The path, for an error.
            now: The present time.

        Raises:
            ApiError: It may not, in the API's words.
        """
        account_id, app_id = params["account_id"], params["app_id"]
        if len(account_id) > _LONGEST_ACCOUNT:
            raise RouteNotFoundError(path)
        known = self._parse(token)
        if known not in self.tokens | self.forbidden:
            raise UnauthorizedError("Authentication error")
        if self._get_details(known).get_status(now) != "active":
            raise UnauthorizedError("Authentication error")
        if known in self.forbidden:
            raise ForbiddenError("Authentication error: the token lacks the permission")
        if account_id not in self.accounts:
            raise ForbiddenError("Authentication error: the token is not for this account")
        if app_id not in self.apps:
            raise NotFoundError("App not found")

    def get_account_token(self, token: str | None, account_id: str) -> Token:
        """Return what is known of a token that belongs to an account.

        Raises:
            ApiError: There is no such token, or it belongs to somebody else.
        """
        found = self._find(token)
        if found.owner != "account" or account_id not in self.accounts:
            raise UnknownTokenError
        return found

    def get_user_token(self, token: str | None) -> Token:
        """Return what is known of a token that belongs to a user.

        Raises:
            ApiError: There is no such token, or it belongs to an account.
        """
        found = self._find(token)
        if found.owner != "user":
            raise UnknownTokenError
        return found

    def _find(self, token: str | None) -> Token:
        known = self._parse(token)
        if known not in self.tokens | self.forbidden:
            raise UnknownTokenError
        return self._get_details(known)

    def _parse(self, token: str | None) -> str:
        if not token:
            raise UnauthorizedError("Authentication error: no bearer token")
        if not _TOKEN.fullmatch(token):
            raise InvalidHeadersError
        return token

    def _get_details(self, token: str) -> Token:
        return self.details.get(token) or Token(compute_token_id(token))

    def describe(self, token: str, **changes: Any) -> None:
        """Change what is known of a token: the fields of :class:`Token` by name."""
        self.details[token] = replace(self._get_details(token), **changes)

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
