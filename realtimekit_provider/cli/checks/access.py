"""The checks that tell which of account and app is the wrong one, and what may be done there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from realtimekit_provider.api.models.token import TokenInfo
from realtimekit_provider.cli.call_errors import WRONG_APP_ADVICE, describe_call_error
from realtimekit_provider.cli.checks.evidence.access_calls import (
    CODES_OF_NO_ROUTE,
    AccessAnswers,
    App,
)
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult, Outcome
from realtimekit_provider.cli.checks.texts import join_names
from realtimekit_provider.cli.checks.token import require_token
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    RequestRejectedError,
    TokenRejectedError,
)

__all__ = [
    "check_account",
    "check_app",
    "check_read_right",
    "check_write_right",
    "judge_account",
    "judge_app",
    "judge_read_right",
    "require_access",
]


def check_account(stack: ExaminedStack) -> CheckResult:
    """Say whether the token is for the account of each recording."""
    answers = require_token(stack)
    return judge_account(answers, stack.list_apps())


def judge_account(answers: AccessAnswers, apps: Sequence[App]) -> CheckResult:
    """Decide it by the lists, and by whose the token is.

    Raises:
        UnavailableError: No list was answered that would show it.
    """
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
    if _is_of_account(answers):
        return CheckResult.ok("the token is the account's own")
    refused = _select(answers, _is_refused)
    if refused:
        return CheckResult.fail(
            f"the API refuses the token for account {_join_accounts(refused)}: it is for another "
            "account, or lacks the permission 'Realtime Admin' there",
            "compare realtimekit:accountId with the dashboard's address, then the account and the "
            "permissions of the token with its page there",
        )
    answers.require_lists()
    if not all(app for _account, app in apps):
        raise UnavailableError("app")
    if _select(answers, _is_unclear):
        raise UnavailableError("read-right")
    return CheckResult.ok("the token is for it")


def check_app(stack: ExaminedStack) -> CheckResult:
    """Say whether the account has the app of each recording."""
    answers = _require_account(stack)
    return judge_app(answers, stack.list_apps())


def judge_app(answers: AccessAnswers, apps: Sequence[App]) -> CheckResult:
    """Decide it by the lists.

    Raises:
        UnavailableError: No list was answered that would show it.
    """
    if not all(app for _account, app in apps):
        return CheckResult.fail(
            "no app is set",
            "set realtimekit:appId, or REALTIMEKIT_APP_ID, to the id of the RealtimeKit app",
        )
    missing = _select(answers, lambda error: isinstance(error, NotFoundError))
    if missing:
        return CheckResult.fail(
            f"the account has no app {join_names([app for _account, app in missing])}",
            WRONG_APP_ADVICE,
        )
    answers.require_lists()
    if _select(answers, _is_unclear):
        raise UnavailableError("read-right")
    return CheckResult.ok("the account has it")


def check_read_right(stack: ExaminedStack) -> CheckResult:
    """Say whether the token may read recordings, by reading them."""
    answers = _require_account(stack)
    return judge_read_right(answers, stack.find_host())


def judge_read_right(answers: AccessAnswers, host: str = "") -> CheckResult:
    """Decide it by the lists.

    Args:
        answers: What the API said.
        host: Who said it.

    Raises:
        UnavailableError: No list was answered that would show it.
    """
    refused = _select(answers, _is_refused)
    if refused:
        return CheckResult.fail(
            "the token is the account's, and may not list the app's recordings",
            "give the token the permission 'Realtime Admin'",
        )
    answers.require_lists()
    unclear = [error for error in answers.lists.values() if error and _is_unclear(error)]
    if unclear:
        return CheckResult.fail(*describe_call_error(unclear[0], host))
    if None not in answers.lists.values():
        raise UnavailableError("app")
    return CheckResult.ok("proven: GET …/recordings listed the app's recordings")


def check_write_right(stack: ExaminedStack) -> CheckResult:
    """Say that nothing proves that recordings can be started, paused and stopped."""
    require_token(stack)
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
    answers = _require_account(stack).require_lists()
    if _select(answers, _is_unclear):
        raise UnavailableError("read-right")


def _require_account(stack: ExaminedStack) -> AccessAnswers:
    answers = require_token(stack)
    try:
        is_wrong = judge_account(answers, stack.list_apps()).outcome is Outcome.FAIL
    except UnavailableError:
        return answers  # the list that would show it fails for another reason
    if is_wrong:
        raise UnavailableError("account")
    return answers


def _is_of_account(answers: AccessAnswers) -> bool:
    return isinstance(answers.token, TokenInfo) and answers.token.owner == "account"


def _select(answers: AccessAnswers, is_meant: Callable[[CallError], bool]) -> list[App]:
    errors = answers.lists.items()
    return [app for app, error in errors if error is not None and is_meant(error)]


def _is_refused(error: CallError) -> bool:
    return isinstance(error, TokenRejectedError)


def _is_unclear(error: CallError) -> bool:
    """Whether a list says nothing of account and app."""
    return not isinstance(error, NotFoundError)


def _is_without_route(error: CallError) -> bool:
    return isinstance(error, RequestRejectedError) and error.info.code in CODES_OF_NO_ROUTE


def _join_accounts(apps: Sequence[App]) -> str:
    return join_names(list(dict.fromkeys(account for account, _app in apps)))
