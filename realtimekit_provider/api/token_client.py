"""What the API says of the token that it is called with."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from realtimekit_provider.api.models.token import TokenInfo, TokenOwner, parse_token_info
from realtimekit_provider.api.requests import RequestExecutor
from realtimekit_provider.api.session import ApiSession

__all__ = ["TokenClient"]


class TokenClient:
    """The two calls that verify a token; neither needs a permission.

    Args:
        session: What all calls share; its token is the one that is verified.
        progress: Is told about pauses of two seconds and more.
    """

    def __init__(self, session: ApiSession, progress: Callable[[str], None]) -> None:
        self._execute = RequestExecutor(session, progress).execute

    def verify_account_token(self, account_id: str) -> TokenInfo:
        """Return what is known of the token as one of the account's own.

        Raises:
            TokenRejectedError: The account has no such token.
            CallError: There was no clear answer.
        """
        return self._verify("account", f"/accounts/{quote(account_id, safe='')}/tokens/verify")

    def verify_user_token(self) -> TokenInfo:
        """Return what is known of the token as one of a user.

        Raises:
            TokenRejectedError: No user has such a token.
            CallError: There was no clear answer.
        """
        return self._verify("user", "/user/tokens/verify")

    def _verify(self, owner: TokenOwner, path: str) -> TokenInfo:
        envelope = self._execute("verifying the API token", "GET", path)
        return parse_token_info(owner, envelope.data)
