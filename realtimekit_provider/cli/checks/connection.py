"""The checks of the way to the API: proxy and certificates, an answer, its clock, its limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from realtimekit_provider.api.models.remaining_calls import RemainingCalls
from realtimekit_provider.api.network_settings import NetworkSettings, read_network_settings
from realtimekit_provider.cli.call_errors import describe_call_error
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult, Outcome
from realtimekit_provider.cli.checks.texts import format_span
from realtimekit_provider.constants import PUBLIC_BASE_URL
from realtimekit_provider.errors import RateLimitedError
from realtimekit_provider.schema.addresses import describe_bad_base_url, is_loopback

__all__ = [
    "check_api",
    "check_clock",
    "check_network",
    "check_rate_limit",
    "judge_network",
    "judge_offset",
    "judge_remaining_calls",
]

_LARGEST_OFFSET = timedelta(minutes=1)
_UNUSABLE_OFFSET = timedelta(minutes=5)
_SMALLEST_SHARE = 0.1
_SEE_CALLERS = "see what else calls the API with this token"


def check_network(stack: ExaminedStack) -> CheckResult:
    """Say which proxy and which certificates the environment names for the API."""
    declared, _failures = stack.read_declared()
    url = declared.settings.base_url or PUBLIC_BASE_URL
    if describe_bad_base_url(url) is not None:
        raise UnavailableError(stack.check_of_settings)
    is_local = is_loopback(urlsplit(url).hostname)
    return judge_network(read_network_settings(url, reads_environment=not is_local))


def judge_network(network: NetworkSettings) -> CheckResult:
    """Say whether what the environment names can be used."""
    bundle, proxy = network.ca_bundle, network.proxy
    if bundle is not None and bundle.defect:
        return CheckResult.fail(
            bundle.summary, f"correct {bundle.variable}, or unset it: the usual certificates do"
        )
    if proxy is not None and proxy.address is None:
        return CheckResult.fail(
            f"{proxy.variable or 'the system'} names a proxy whose URL cannot be read",
            "write it as http://HOST:PORT, with special characters of a password percent-encoded",
        )
    way = "directly" if proxy is None else f"through the proxy {proxy.address}"
    named = f" ({proxy.variable})" if proxy is not None and proxy.variable else ""
    certificates = f", certificates of {bundle.variable}" if bundle is not None else ""
    return CheckResult.ok(f"{network.host} {way}{named}{certificates}")


def check_api(stack: ExaminedStack) -> CheckResult:
    """Say whether the API answers."""
    answers = stack.answers.get()
    if not answers.is_reachable():
        if check_network(stack).outcome is Outcome.FAIL:
            raise UnavailableError("network")
        return CheckResult.fail(*describe_call_error(answers.list_errors()[0], stack.find_host()))
    if answers.is_from_elsewhere():
        info = answers.list_errors()[0].info
        code = f", code {info.code}" if info.code is not None else ""
        return CheckResult.fail(
            f"{stack.find_host()} answers every call with HTTP {info.status}{code}, so it is not "
            "the API",
            f"fix cloudflare:baseUrl (CLOUDFLARE_BASE_URL), or leave it out: {PUBLIC_BASE_URL}",
        )
    return CheckResult.ok("it answers")


def check_clock(stack: ExaminedStack) -> CheckResult:
    """Say how far this machine's clock is from the API's."""
    stack.answers.require().require_answer()
    offset = stack.session.require().server_offset
    if offset is None:
        return CheckResult.skip("the API did not report its time")
    return judge_offset(offset)


def judge_offset(offset: timedelta) -> CheckResult:
    """Say whether a clock is right, by how far the server's is ahead."""
    if abs(offset) <= _LARGEST_OFFSET:
        return CheckResult.ok("within a minute of the API's")
    side = "behind" if offset > timedelta() else "ahead of"
    seen = f"this machine's clock is {format_span(offset)} {side} the API's"
    fix = "set the clock, by NTP"
    if abs(offset) >= _UNUSABLE_OFFSET:
        return CheckResult.fail(f"{seen}: clouds refuse what is signed with such a time", fix)
    return CheckResult.warn(seen, fix)


def check_rate_limit(stack: ExaminedStack) -> CheckResult:
    """Say how many calls the API still allows."""
    answers = stack.answers.require()
    limited = [error for error in answers.list_errors() if isinstance(error, RateLimitedError)]
    if limited:
        return CheckResult.fail(*describe_call_error(limited[0], stack.find_host()))
    answers.require_answer()
    return judge_remaining_calls(stack.session.require().remaining_calls)


def judge_remaining_calls(remaining: Sequence[RemainingCalls]) -> CheckResult:
    """Say what is left of the limit that is closest to its end."""
    if not remaining:
        return CheckResult.skip("the API did not report what is left of its limits")
    closest = min(remaining, key=lambda one: one.calls / (one.limit or _SMALLEST_SHARE))
    of = f" of {closest.limit}" if closest.limit else ""
    more = f", more in {closest.seconds} s" if closest.seconds else ""
    seen = f"{closest.calls}{of} calls left ({closest.name}){more}"
    if not closest.calls:
        return CheckResult.fail(seen, _SEE_CALLERS)
    if closest.limit and closest.calls < closest.limit * _SMALLEST_SHARE:
        return CheckResult.warn(seen, _SEE_CALLERS)
    return CheckResult.ok(seen)
