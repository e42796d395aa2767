"""One call, from its permit to its answer's envelope: waiting, repeating, and saying why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception

from realtimekit_provider.api.models.envelope import Envelope
from realtimekit_provider.api.responses import (
    backoff,
    is_retryable,
    parse_response,
    server_time,
)
from realtimekit_provider.api.retry import RetryBudget
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.errors import (
    CallError,
    CallInfo,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
)
from realtimekit_provider.redaction import secrets_in

__all__ = ["RequestExecutor"]

_TELL_ABOUT_PAUSES_FROM = 2.0


class RequestExecutor:
    """Makes calls over a connection, and tells ``progress`` about its long pauses."""

    def __init__(self, connection: ApiSession, progress: Callable[[str], None]) -> None:
        self._connection = connection
        self._progress = progress

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotent: bool = True,
    ) -> Envelope:
        """Make a call, again where that is safe, and return its answer's envelope.

        Args:
            operation: Begins the sentence of an error: "``operation`` failed: …".
            method: ``GET``, ``POST`` or ``PUT``.
            path: Below the base URL.
            query: The query's keys and values.
            body: What is sent as JSON.
            idempotent: Whether a call that may have had an effect can be made again.

        Raises:
            CallError: The API refuses, or there was no answer in time.
        """
        connection = self._connection
        budget = RetryBudget(connection.settings, connection.clock)
        retrying = Retrying(
            retry=retry_if_exception(lambda error: is_retryable(error, idempotent=idempotent)),
            wait=self._pause,
            stop=budget,
            sleep=connection.sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            return retrying(self._once, method, path, query, body, budget)
        except CallError as error:
            advice = _ADVICE.get(type(error), "")
            raise type(error)(f"{operation} failed: {error.summary}{advice}", error.info) from None

    def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        budget: RetryBudget,
    ) -> Envelope:
        connection = self._connection
        self._wait_for_a_permit(method, path, budget)
        answer = connection.transport.send(
            method,
            path,
            query=query,
            body=body,
            timeout=min(connection.settings.request_timeout, max(1.0, budget.remaining)),
        )
        connection.record_server_time(server_time(answer))
        token = connection.settings.token.get_secret_value()
        result = parse_response(method, path, answer, secrets=[token, *secrets_in(body)])
        if isinstance(result, CallError):
            raise result
        return result

    def _wait_for_a_permit(self, method: str, path: str, budget: RetryBudget) -> None:
        connection = self._connection
        pause = connection.limiter.reserve(budget.rate_limit_wait)
        if pause is None:
            raise RateLimitedError(
                "this run's own request budget is spent for longer than a call may wait",
                CallInfo(method, path),
            )
        if pause >= _TELL_ABOUT_PAUSES_FROM:
            self._progress(f"staying within the API's rate limit: next call in {pause:.0f} s")
        if pause > 0:
            budget.add_rate_limit_wait(pause)
            connection.sleep(pause)

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return backoff(error, state.attempt_number, self._connection.jitter())

    def _tell(self, state: RetryCallState) -> None:
        if state.upcoming_sleep >= _TELL_ABOUT_PAUSES_FROM and state.outcome is not None:
            reason = (
                "the API's rate limit is reached"
                if isinstance(state.outcome.exception(), RateLimitedError)
                else "the API did not answer properly"
            )
            self._progress(f"{reason}: trying again in {state.upcoming_sleep:.0f} s")


_ADVICE: Mapping[type[CallError], str] = {
    NotSentError: ". Nothing was changed by this call: see whether this machine can reach the "
    "API, and whether cloudflare:baseUrl (CLOUDFLARE_BASE_URL) is right",
    OutcomeUnknownError: ". Deploy again; if it stays so, Cloudflare's support can look the call "
    "up by its cf-ray",
    RateLimitedError: ". Nothing was changed by this call: deploy again later, or run fewer "
    "pipelines with this token at once",
}
