"""The checks of the token itself: whose it is, whether it is active, when it expires."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from realtimekit_provider.api.models.token import TokenInfo
from realtimekit_provider.cli.checks.evidence.access_calls import AccessAnswers
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.subjects import TOKEN_KEY, ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult, Outcome
from realtimekit_provider.cli.checks.texts import format_span
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    SettingsError,
    TokenRejectedError,
)

__all__ = ["check_expiry", "check_token", "judge_expiry", "judge_token", "require_token"]

_SOON = timedelta(days=14)
_ACTIVE = "active"
_UNAUTHORIZED, _BAD_REQUEST = 401, 400
_CODE_OF_UNKNOWN_TOKEN = 9109
_VARIABLE = "CLOUDFLARE_API_TOKEN"
_RENEW = "make a token with the permission 'Realtime Admin', then"


def check_token(stack: ExaminedStack) -> CheckResult:
    """Say whether the API knows the token, and whether it is active."""
    stack.require_known_token()
    source = stack.find_token_source()
    give = _advise_token(source, stack.name)
    if source is None:
        return CheckResult.fail("there is no API token", give)
    try:
        stack.session.get()
    except SettingsError as error:
        return CheckResult.fail(f"{error} ({_describe_source(source)})", give)
    answers = stack.answers.require().require_token()
    result = judge_token(answers, stack.project.get_time(), give)
    return replace(result, evidence=f"{result.evidence} ({_describe_source(source)})")


def judge_token(answers: AccessAnswers, now: datetime, give: str = "") -> CheckResult:
    """Decide it by what the verify calls say and, where they do not know it, by the lists.

    Args:
        answers: What the API said.
        now: The present time.
        give: How another token is given.
    """
    token = answers.token
    if isinstance(token, TokenInfo):
        return _judge_status(token, now, give)
    if token.info.status == _BAD_REQUEST and isinstance(token, TokenRejectedError):
        return CheckResult.fail(
            "the API says that it is no token: most often it is in quotes, or something else was "
            "copied with it",
            give,
        )
    lists = answers.lists.values()
    if any(error is None or isinstance(error, NotFoundError) for error in lists):
        return CheckResult.ok("the API accepts it, and does not report its status")
    if lists and not any(map(_says_unknown_token, lists)):
        return CheckResult.skip(
            "the API does not report its status, which is so for a token of another account"
        )
    return CheckResult.fail(
        "neither the account nor a user has such a token: it was deleted, or not copied whole, or "
        "is a token of another account",
        f"{_RENEW} {give}",
    )


def check_expiry(stack: ExaminedStack) -> CheckResult:
    """Say when the token expires."""
    answers = require_token(stack)
    return judge_expiry(answers.token, stack.project.get_time())


def judge_expiry(token: TokenInfo | CallError, now: datetime) -> CheckResult:
    """Say when a token expires, if the API reports it."""
    if not isinstance(token, TokenInfo):
        return CheckResult.skip("the API does not report when it expires")
    if token.expires_at is None:
        return CheckResult.ok("never")
    left = token.expires_at - now
    seen = f"in {format_span(left)}, on {token.expires_at.astimezone(timezone.utc):%Y-%m-%d}"
    if left <= _SOON:
        return CheckResult.warn(seen, "roll the token, or extend it, before that")
    return CheckResult.ok(seen)


def require_token(stack: ExaminedStack) -> AccessAnswers:
    """Return the API's answers where it knows the token.

    Raises:
        UnavailableError: It does not, or did not answer, and another check says why.
    """
    answers = stack.answers.require().require_token()
    if judge_token(answers, stack.project.get_time()).outcome is Outcome.FAIL:
        raise UnavailableError("token")
    return answers


def _advise_token(source: str | None, stack: str) -> str:
    command = f"by '{format_command(f'config set --secret {TOKEN_KEY}', stack)}'"
    if source is None:
        return f"give the token as {_VARIABLE}, or {command}"
    return f"give the token {command if source == TOKEN_KEY else f'as {_VARIABLE}'}"


def _describe_source(source: str) -> str:
    if source == TOKEN_KEY:
        return f"given by {TOKEN_KEY} in the stack's config, which wins over {_VARIABLE}"
    return f"given by {source}"


def _judge_status(token: TokenInfo, now: datetime, give: str) -> CheckResult:
    whose = "the account's own" if token.owner == "account" else "a user's"
    renew = f"{_RENEW} {give}"
    if token.not_before is not None and token.not_before > now:
        return CheckResult.fail(
            f"it is {whose}, and works from {token.not_before:%Y-%m-%d %H:%M} UTC on", renew
        )
    if token.expires_at is not None and token.expires_at <= now:
        age = format_span(now - token.expires_at)
        return CheckResult.fail(f"it is {whose}, and expired {age} ago", renew)
    if token.status == _ACTIVE:
        return CheckResult.ok(f"active, {whose}")
    if token.status in {"disabled", "expired"}:
        return CheckResult.fail(f"it is {whose}, and {token.status}", renew)
    return CheckResult.warn(
        f"it is {whose}, with the status {token.status or 'of none'}",
        "see what the token's page in the dashboard says",
    )


def _says_unknown_token(error: CallError | None) -> bool:
    info = error.info if error is not None else None
    return info is not None and (
        info.status == _UNAUTHORIZED or info.code == _CODE_OF_UNKNOWN_TOKEN
    )
