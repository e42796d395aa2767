"""The checks that tell which of token, account and app is the wrong one, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from realtimekit_provider.api.models.token import TokenInfo
from realtimekit_provider.cli.checks.evidence.access_calls import AccessAnswers, App
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult, Outcome
from realtimekit_provider.cli.checks.texts import format_span, join_names, split_advice
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    RequestRejectedError,
    SettingsError,
    TokenRejectedError,
)

__all__ = [
    "check_account",
    "check_app",
    "check_expiry",
    "check_read_right",
    "check_token",
    "check_write_right",
    "judge_account",
    "judge_app",
    "judge_expiry",
    "judge_read_right",
    "judge_token",
    "require_access",
]

_SOON = timedelta(days=14)
_ACTIVE = "active"
_UNAUTHORIZED, _BAD_REQUEST = 401, 400
_CODE_OF_UNKNOWN_TOKEN = 9109
_CODES_OF_NO_ROUTE = frozenset({7000, 7003})
_RENEW = "make a token with the permission 'Realtime Admin', then"


def check_token(stack: ExaminedStack) -> CheckResult:
    """Say whether the API knows the token, and whether it is active."""
    try:
        stack.session.get()
    except SettingsError as error:
        declared, _failures = stack.read_declared()
        if declared.settings.token is None:
            return CheckResult.fail("there is no API token", _advise_token(stack))
        return CheckResult.fail(str(error), _advise_token(stack))
    answers = stack.answers.require().require_clear()
    return judge_token(answers, stack.project.get_time(), _advise_token(stack))


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
    answers = _require_token(stack)
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


def check_account(stack: ExaminedStack) -> CheckResult:
    """Say whether the token is for the account of each recording."""
    answers = _require_token(stack)
    return judge_account(answers, stack.list_apps())


def judge_account(answers: AccessAnswers, apps: Sequence[App]) -> CheckResult:
    """Decide it by the lists, and by whose the token is."""
    if not all(account for account, _app in apps):
        return CheckResult.fail(
            "no account is set",
            "set realtimekit:accountId, or CLOUDFLARE_ACCOUNT_ID, to the id that is in the "
            "dashboard's address",
        )
    unknown = _select(answers, _is_without_route)
    if unknown:
        return CheckResult.fail(
            f"the API has no account {_join_accounts(unknown)}",
            "set realtimekit:accountId to the 32 characters that are in the dashboard's address",
        )
    refused = [] if _is_of_account(answers) else _select(answers, _is_refused)
    if refused:
        return CheckResult.fail(
            f"the API refuses the token for account {_join_accounts(refused)}: it is for another "
            "account, or lacks the permission 'Realtime Admin' there",
            "compare realtimekit:accountId with the dashboard's address, then the account and the "
            "permissions of the token with its page there",
        )
    return CheckResult.ok("the token is for it")


def check_app(stack: ExaminedStack) -> CheckResult:
    """Say whether the account has the app of each recording."""
    answers = _require_account(stack)
    return judge_app(answers, stack.list_apps())


def judge_app(answers: AccessAnswers, apps: Sequence[App]) -> CheckResult:
    """Decide it by the lists."""
    if not all(app for _account, app in apps):
        return CheckResult.fail(
            "no app is set",
            "set realtimekit:appId, or REALTIMEKIT_APP_ID, to the id of the RealtimeKit app",
        )
    missing = _select(answers, lambda error: isinstance(error, NotFoundError))
    if missing:
        return CheckResult.fail(
            f"the account has no app {join_names([app for _account, app in missing])}",
            "set realtimekit:appId to the id that the dashboard shows for the RealtimeKit app",
        )
    accepted = [app for app, error in answers.lists.items() if error is None]
    if not accepted:
        raise UnavailableError("read-right")
    return CheckResult.ok("the account has it")


def check_read_right(stack: ExaminedStack) -> CheckResult:
    """Say whether the token may read recordings, by reading them."""
    answers = _require_account(stack)
    return judge_read_right(answers)


def judge_read_right(answers: AccessAnswers) -> CheckResult:
    """Decide it by the lists."""
    refused = _select(answers, _is_refused)
    if refused:
        return CheckResult.fail(
            "the token is the account's, and may not list the app's recordings",
            "give the token the permission 'Realtime Admin'",
        )
    errors = [
        error
        for error in answers.lists.values()
        if error is not None and not isinstance(error, NotFoundError)
    ]
    if errors:
        seen, advice = split_advice(errors[0].summary)
        return CheckResult.fail(seen, advice or "run it again")
    if None not in answers.lists.values():
        raise UnavailableError("app")
    return CheckResult.ok("proven: GET …/recordings listed the app's recordings")


def check_write_right(stack: ExaminedStack) -> CheckResult:
    """Say that nothing proves that recordings can be started, paused and stopped."""
    _require_token(stack)
    return CheckResult.skip(
        "not proven: only starting, pausing or stopping a recording shows it, and no call reports "
        "what a token may do",
        "see on the token's page that it has the permission 'Realtime Admin'",
    )


def require_access(stack: ExaminedStack) -> None:
    """Let a check go on where the API lets the token read recordings.

    Raises:
        UnavailableError: It does not, and another check says why.
    """
    if _select(_require_account(stack), _is_refused):
        raise UnavailableError("read-right")


def _judge_status(token: TokenInfo, now: datetime, give: str) -> CheckResult:
    whose = "the account's own" if token.owner == "account" else "a user's"
    if token.not_before is not None and token.not_before > now:
        return CheckResult.fail(
            f"it is {whose}, and works from {token.not_before:%Y-%m-%d %H:%M} UTC on",
            f"{_RENEW} {give}",
        )
    if token.status == _ACTIVE:
        return CheckResult.ok(f"active, {whose}")
    if token.status in {"disabled", "expired"}:
        return CheckResult.fail(f"it is {whose}, and {token.status}", f"{_RENEW} {give}")
    return CheckResult.warn(
        f"it is {whose}, with the status {token.status or 'of none'}",
        "see what the token's page in the dashboard says",
    )


def _advise_token(stack: ExaminedStack) -> str:
    command = format_command("config set --secret cloudflare:apiToken", stack.name)
    return f"give a token alone as CLOUDFLARE_API_TOKEN, or by '{command}'"


def _require_token(stack: ExaminedStack) -> AccessAnswers:
    answers = stack.answers.require().require_clear()
    if judge_token(answers, stack.project.get_time()).outcome is Outcome.FAIL:
        raise UnavailableError("token")
    return answers


def _require_account(stack: ExaminedStack) -> AccessAnswers:
    answers = _require_token(stack)
    if judge_account(answers, stack.list_apps()).outcome is Outcome.FAIL:
        raise UnavailableError("account")
    return answers


def _is_of_account(answers: AccessAnswers) -> bool:
    return isinstance(answers.token, TokenInfo) and answers.token.owner == "account"


def _select(answers: AccessAnswers, is_meant: Callable[[CallError], bool]) -> list[App]:
    lists: Mapping[App, CallError | None] = answers.lists
    return [app for app, error in lists.items() if error is not None and is_meant(error)]


def _is_refused(error: CallError) -> bool:
    return isinstance(error, TokenRejectedError)


def _is_without_route(error: CallError) -> bool:
    return isinstance(error, RequestRejectedError) and error.info.code in _CODES_OF_NO_ROUTE


def _says_unknown_token(error: CallError | None) -> bool:
    info = error.info if error is not None else None
    return info is not None and (
        info.status == _UNAUTHORIZED or info.code == _CODE_OF_UNKNOWN_TOKEN
    )


def _join_accounts(apps: Sequence[App]) -> str:
    return join_names(list(dict.fromkeys(account for account, _app in apps)))
