"""The calls that show whose token, account and app it is: all of them only read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.token import TokenInfo
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.api.token_client import TokenClient
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.errors import (
    CallError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
)

__all__ = ["CODES_OF_NO_ROUTE", "AccessAnswers", "App", "ask_api", "is_silence"]

App = tuple[str, str]
"""The id of an account, and of an app in it; empty where it is not set."""

CODES_OF_NO_ROUTE = frozenset({7000, 7003})
"""What Cloudflare's API answers where it has no such path."""
_NOT_FOUND, _REDIRECT = 404, 3


@dataclass(frozen=True)
class AccessAnswers:
    """What the API said.

    Attributes:
        token: What it knows of the token, or why it said nothing of it.
        lists: By app why its recordings cannot be listed, ``None`` where they can. An app without
            an id is left out.
        unfinished: By app the recordings on the first page of its list, those that can still
            change.
    """

    token: TokenInfo | CallError
    lists: Mapping[App, CallError | None]
    unfinished: Mapping[App, Sequence[Recording]] = field(default_factory=dict)

    def list_errors(self) -> list[CallError]:
        """Return every error."""
        answers = (self.token, *self.lists.values())
        return [answer for answer in answers if isinstance(answer, CallError)]

    def is_reachable(self) -> bool:
        """Whether any call got an answer that means something."""
        unclear = (NotSentError, OutcomeUnknownError)
        answers = (self.token, *self.lists.values())
        return not all(isinstance(answer, unclear) for answer in answers)

    def is_from_elsewhere(self) -> bool:
        """Whether another place than the API has answered every call: the base URL is wrong."""
        answers = (self.token, *self.lists.values())
        return all(isinstance(one, CallError) and _is_from_elsewhere(one) for one in answers)

    def require_answer(self) -> AccessAnswers:
        """Return these answers, where the API has given any.

        Raises:
            UnavailableError: There was no answer, or another place has given it.
        """
        if not self.is_reachable() or self.is_from_elsewhere():
            raise UnavailableError("api")
        return self

    def require_token(self) -> AccessAnswers:
        """Return these answers, where they say something of the token.

        Raises:
            UnavailableError: There was no answer, or the rate limit is reached.
        """
        if isinstance(self.require_answer().token, RateLimitedError):
            raise UnavailableError("rate-limit")
        return self

    def require_lists(self) -> AccessAnswers:
        """Return these answers, where the rate limit let every list be answered.

        Raises:
            UnavailableError: It is reached.
        """
        if any(isinstance(error, RateLimitedError) for error in self.lists.values()):
            raise UnavailableError("rate-limit")
        return self


def ask_api(session: ApiSession, apps: Sequence[App]) -> AccessAnswers:
    """Ask who the token belongs to, and for the recordings of each app that can still change.

    After a call that nobody answered, nothing else is asked.
    """
    token = _verify_token(TokenClient(session, _ignore_progress), apps)
    silence = token if isinstance(token, CallError) and is_silence(token) else None
    known = [app for app in apps if all(app)]
    unfinished: dict[App, Sequence[Recording]] = {}
    return AccessAnswers(token, dict(_list_apps(session, known, silence, unfinished)), unfinished)


def _list_apps(
    session: ApiSession,
    apps: Sequence[App],
    silence: CallError | None,
    unfinished: dict[App, Sequence[Recording]],
) -> Iterator[tuple[App, CallError | None]]:
    for app in apps:
        error = silence
        if error is None:
            try:
                unfinished[app] = RecordingsClient(session, *app).list_first_unfinished()
            except CallError as found:
                error = found
        if error is not None and is_silence(error):
            silence = error
        yield app, error


def is_silence(error: CallError) -> bool:
    """Whether a call got no answer at all, so that another one would only take its time too."""
    return isinstance(error, (NotSentError, OutcomeUnknownError)) and error.info.status is None


def _is_from_elsewhere(error: CallError) -> bool:
    info = error.info
    is_redirect = (info.status or 0) // 100 == _REDIRECT
    return isinstance(error, RequestRejectedError) and (
        is_redirect or info.status == _NOT_FOUND or info.code in CODES_OF_NO_ROUTE
    )


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
