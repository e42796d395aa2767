"""The calls that show whose token, account and app it is: all of them only read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.token import TokenInfo
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.api.token_client import TokenClient
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.errors import (
    CallError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
)

__all__ = ["AccessAnswers", "App", "ask_api"]

App = tuple[str, str]
"""The id of an account, and of an app in it; empty where it is not set."""


@dataclass(frozen=True)
class AccessAnswers:
    """What the API said.

    Attributes:
        token: What it knows of the token, or why it said nothing of it.
        lists: By app why its recordings cannot be listed, ``None`` where they can. An app without
            an id is left out.
    """

    token: TokenInfo | CallError
    lists: Mapping[App, CallError | None]

    def list_errors(self) -> list[CallError]:
        """Return every error."""
        answers = (self.token, *self.lists.values())
        return [answer for answer in answers if isinstance(answer, CallError)]

    def is_reachable(self) -> bool:
        """Whether any call got an answer that means something."""
        unclear = (NotSentError, OutcomeUnknownError)
        answers = (self.token, *self.lists.values())
        return not all(isinstance(answer, unclear) for answer in answers)

    def require_clear(self) -> AccessAnswers:
        """Return these answers, where they say something of token, account and app.

        Raises:
            UnavailableError: There was no answer, or the rate limit is reached.
        """
        if not self.is_reachable():
            raise UnavailableError("api")
        if any(isinstance(error, RateLimitedError) for error in self.list_errors()):
            raise UnavailableError("rate-limit")
        return self


def ask_api(session: ApiSession, apps: Sequence[App]) -> AccessAnswers:
    """Ask who the token belongs to, and for the recordings of each app that can still change."""
    token = _verify_token(TokenClient(session, _ignore_progress), apps)
    if isinstance(token, NotSentError):
        return AccessAnswers(token, dict.fromkeys(apps, token))
    return AccessAnswers(token, {app: _try_list(session, app) for app in apps if all(app)})


def _ignore_progress(_text: str) -> None:
    """Show no progress."""


def _verify_token(client: TokenClient, apps: Sequence[App]) -> TokenInfo | CallError:
    accounts = dict.fromkeys(account for account, _app in apps if account)
    for account in accounts:
        try:
            return client.verify_account_token(account)
        except (NotSentError, OutcomeUnknownError) as error:
            return error
        except CallError:
            continue
    try:
        return client.verify_user_token()
    except CallError as error:
        return error


def _try_list(session: ApiSession, app: App) -> CallError | None:
    try:
        # The first page is enough.
        with suppress(StopIteration):
            next(iter(RecordingsClient(session, *app).list_unfinished()))
    except CallError as error:
        return error
    return None
