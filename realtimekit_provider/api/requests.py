"""One call: waiting for the rate limit, sending, retrying, and saying why it failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception

from realtimekit_provider.api.models.envelope import Envelope
from realtimekit_provider.api.models.remaining_calls import parse_remaining_calls
from realtimekit_provider.api.responses import parse_response, parse_server_time
from realtimekit_provider.api.retry import RetryBudget, backoff, is_retryable
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.call_log import CallLog, number_attempts
from realtimekit_provider.errors import (
    CallError,
    CallInfo,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
)
from realtimekit_provider.redaction import find_secrets

__all__ = ["RequestExecutor"]

_SHORTEST_REPORTED_PAUSE = 2.0


class RequestExecutor:
    """Sends requests over a session, and tells ``progress`` about its long pauses."""

    def __init__(self, session: ApiSession, progress: Callable[[str], None]) -> None:
        self._session = session
        self._progress = progress

    def execute(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotent: bool = True,
    ) -> Envelope:
        """Send a request, again where that is safe, and return its response's envelope.

        Args:
            operation: Begins the sentence of an error: "``operation`` failed: …".
            method: ``GET``, ``POST`` or ``PUT``.
            path: Below the base URL.
            query: The query's keys and values.
            body: What is sent as JSON.
            idempotent: Whether a request that may have had an effect can be sent again.

        Raises:
            CallError: The API refuses, or there was no response in time.
        """
        session = self._session
        budget = RetryBudget(session.settings.retry, session.clock)
        retrying = Retrying(
            retry=retry_if_exception(lambda error: is_retryable(error, idempotent=idempotent)),
            wait=self._compute_pause,
            stop=budget,
            sleep=session.sleep,
            before_sleep=self._report_pause,
            reraise=True,
        )
        try:
            return retrying(number_attempts(self._send_once), method, path, query, body, budget)
        except CallError as error:
            summary = f"{operation} failed: {error.summary}{_advise(error)}"
            raise type(error)(summary, error.info) from None

    def _send_once(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        budget: RetryBudget,
    ) -> Envelope:
        session = self._session
        self._wait_for_rate_limit(method, path, budget)
        secrets = [session.settings.token.get_secret_value(), *find_secrets(body)]
        with CallLog(
            "RealtimeKit",
            method,
            path,
            secrets=secrets,
            clock=session.clock,
        ) as call:
            response = session.transport.send(
                method,
                path,
                query=query,
                body=body,
                timeout=min(session.settings.request_timeout, max(1.0, budget.remaining)),
            )
            call.log_response(response.status, response.headers)
        session.record_server_time(parse_server_time(response))
        session.record_remaining_calls(parse_remaining_calls(response.headers))
        result = parse_response(method, path, response, secrets=secrets)
        if isinstance(result, CallError):
            raise result
        return result

    def _wait_for_rate_limit(self, method: str, path: str, budget: RetryBudget) -> None:
        session = self._session
        pause = session.limiter.reserve(budget.rate_limit_remaining)
        if pause is None:
            raise RateLimitedError(
                "this deployment has reached its own rate limit, for longer than a call may wait",
                CallInfo(method, path),
            )
        if pause >= _SHORTEST_REPORTED_PAUSE:
            self._progress(f"0/{pause:.0f} s: staying within the API's rate limit")
        if pause > 0:
            budget.add_rate_limit_wait(pause)
            session.sleep(pause)

    def _compute_pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return backoff(error, state.attempt_number, self._session.jitter())

    def _report_pause(self, state: RetryCallState) -> None:
        if state.upcoming_sleep >= _SHORTEST_REPORTED_PAUSE and state.outcome is not None:
            reason = _describe_failure(state.outcome.exception())
            self._progress(f"0/{state.upcoming_sleep:.0f} s: {reason}, next try after that")


def _describe_failure(error: BaseException | None) -> str:
    if isinstance(error, RateLimitedError):
        return "the API's rate limit is reached"
    if isinstance(error, NotSentError):
        return "there is no connection to the API"
    return "the API did not answer properly"


def _advise(error: CallError) -> str:
    if isinstance(error, RateLimitedError):
        return (
            ". Nothing was changed by this call: deploy again later, or run fewer pipelines with "
            "this token at once"
        )
    if not isinstance(error, OutcomeUnknownError):
        return ""
    if error.info.ray:
        return (
            ". Deploy again; if it fails again, Cloudflare's support can find the call by its "
            "cf-ray"
        )
    return ". Deploy again; if it fails again, check the network between this machine and the API"
