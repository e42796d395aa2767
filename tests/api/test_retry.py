"""What is sent again, how often, and how long the client waits in between."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.api.retry import RetrySettings, backoff, is_retryable
from realtimekit_provider.errors import (
    CallError,
    ConnectionSettingsError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
    TokenRejectedError,
)
from tests.api.api_caller import ApiCaller
from tests.fakes import make_call_error
from tests.scenarios.steps import EmulatedApi

RETRY = RetrySettings(attempts=5, call_timeout=120.0, rate_limit_timeout=330.0)
"""The budget that the numbers below follow from, whatever the defaults are."""


@pytest.fixture
def caller(emulator: EmulatorServer) -> ApiCaller:
    """The client with that budget."""
    return ApiCaller.of(emulator, settings={"retry": RETRY})


IS_RETRYABLE = {
    NotSentError: (True, True),
    RateLimitedError: (True, True),
    OutcomeUnknownError: (True, False),
    TokenRejectedError: (False, False),
    NotFoundError: (False, False),
    RequestRejectedError: (False, False),
}


def test_every_failed_call_is_decided_on() -> None:
    """Each kind of it stands in the table above."""
    assert set(IS_RETRYABLE) == set(CallError.__subclasses__())


@pytest.mark.parametrize("kind", IS_RETRYABLE)
def test_a_request_is_sent_again_only_where_that_is_safe(kind: type[CallError]) -> None:
    """A POST whose answer was lost is never sent again without asking."""
    when_idempotent, otherwise = IS_RETRYABLE[kind]
    error = make_call_error(kind, status=429 if kind is RateLimitedError else None)
    assert is_retryable(error, idempotent=True) is when_idempotent
    assert is_retryable(error, idempotent=False) is otherwise


def test_the_clients_own_rate_limit_is_not_retried() -> None:
    """It is reached for all the time that the call has: another attempt only costs a wait."""
    assert not is_retryable(make_call_error(RateLimitedError), idempotent=True)


def test_settings_of_the_connection_are_not_retried() -> None:
    """A certificate that is not trusted now is not trusted in a second."""
    assert not is_retryable(make_call_error(ConnectionSettingsError), idempotent=True)


def test_an_error_of_our_own_code_is_not_retried() -> None:
    """An exception that is no failed call is not worth another attempt."""
    assert not is_retryable(ValueError("oops"), idempotent=True)


PAUSES = [(1, 0.25, 0.5), (2, 0.5, 1.0), (3, 1.0, 2.0), (4, 2.0, 4.0), (5, 4.0, 8.0), (9, 4.0, 8.0)]


@pytest.mark.parametrize(("attempt", "shortest", "longest"), PAUSES)
def test_pauses_double_up_to_eight_seconds(attempt: int, shortest: float, longest: float) -> None:
    """Between half and the whole of a pause that doubles, as chance has it."""
    error = make_call_error(NotSentError)
    assert backoff(error, attempt, 0.0) == shortest
    assert backoff(error, attempt, 1.0) == longest


def test_retry_after_is_obeyed() -> None:
    """It counts from the first attempt on, with a little more, never less."""
    assert backoff(make_call_error(RateLimitedError, retry_after=30.0), 1, 0.5) == 30.5
    assert backoff(make_call_error(OutcomeUnknownError, retry_after=0.0), 5, 0.5) == 0.5


def _start_recording(emulated_api: EmulatedApi) -> str:
    return emulated_api.control.start_recording(emulated_api.meeting_id)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_obeyed(
    status: int, caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """Two refusals are two waits of the asked length, each reported, and three calls."""
    recording_id = _start_recording(emulated_api)
    emulated_api.control.add_fault(
        "status", route="get_recording", status=status, retry_after=7, times=2
    )
    assert caller.api.get(recording_id).id == recording_id
    assert caller.clock.sleeps == [7, 7]
    assert emulated_api.control.counts().of("get_recording") == 3
    assert [text[:8] for text in caller.messages] == ["0/7 s: t"] * 2


def test_retry_after_as_a_date_is_compared_with_the_servers_clock(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """A server whose clock is an hour ahead makes nobody wait an hour."""
    emulated_api.control.set(clock_skew_seconds=3600)
    recording_id = _start_recording(emulated_api)
    emulated_api.control.add_fault(
        "status",
        route="get_recording",
        status=429,
        retry_after=7,
        retry_after_form="date",
        times=1,
    )
    caller.api.get(recording_id)
    (slept,) = caller.clock.sleeps
    assert 6 <= slept <= 8
    assert emulated_api.control.counts().of("get_recording") == 2


def test_a_start_that_was_refused_by_the_limit_is_sent_again(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """A 429 had no effect, so there is one recording after two POSTs."""
    emulated_api.control.add_fault(
        "status", route="start_track", status=429, retry_after=3, times=1
    )
    started = caller.start(emulated_api.meeting_id)
    assert caller.clock.sleeps == [3]
    assert emulated_api.control.counts().of("start_track") == 2
    assert [one.id for one in emulated_api.control.recordings()] == [started.id]


def test_a_wait_beyond_the_deadline_is_not_started(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """The error comes at once, with what the API asks for."""
    emulated_api.control.add_fault("status", status=429, retry_after=3600)
    with pytest.raises(RateLimitedError, match="it asks to wait 3600 s") as failure:
        caller.api.get_active(emulated_api.meeting_id)
    assert failure.value.info.retry_after == 3600
    assert caller.clock.sleeps == []
    assert emulated_api.control.counts().total == 1


def test_many_waits_for_a_limit_stay_within_their_bound(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """Each wait is short enough, and none is an attempt; the seventh would end past 330 seconds."""
    emulated_api.control.add_fault("status", status=429, retry_after=50)
    with pytest.raises(RateLimitedError):
        caller.api.get_active(emulated_api.meeting_id)
    assert caller.clock.sleeps == [50] * 6
    assert emulated_api.control.counts().total == 7


def test_many_waits_for_an_answer_stay_within_the_deadline_of_one_call(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """Each wait is short enough; the third would end past the 120 seconds of a call."""
    emulated_api.control.add_fault("status", status=503, retry_after=50)
    with pytest.raises(OutcomeUnknownError):
        caller.api.get_active(emulated_api.meeting_id)
    assert caller.clock.sleeps == [50, 50]
    assert emulated_api.control.counts().total == 3


def test_a_wait_for_a_limit_leaves_the_call_its_time(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """After five minutes at the limit, a failing response is still asked for again."""
    emulated_api.control.add_fault("status", status=429, retry_after=300, times=1)
    emulated_api.control.add_fault("status", status=502, first=2)
    with pytest.raises(OutcomeUnknownError, match="HTTP 502"):
        caller.api.get_active(emulated_api.meeting_id)
    assert caller.clock.sleeps[0] == 300
    assert emulated_api.control.counts().total == 6


def test_without_retry_after_the_pauses_double(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """Five attempts, and then the error of the last one."""
    emulated_api.control.add_fault("status", status=502)
    with pytest.raises(OutcomeUnknownError, match="HTTP 502"):
        caller.api.get_active(emulated_api.meeting_id)
    assert caller.clock.sleeps == [0.25, 0.5, 1, 2]
    assert emulated_api.control.counts().total == 5


REFUSALS: dict[int, type[CallError]] = {
    400: RequestRejectedError,
    401: TokenRejectedError,
    403: TokenRejectedError,
    404: NotFoundError,
    409: RequestRejectedError,
    422: RequestRejectedError,
}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_clear_no_is_not_retried(
    status: int, caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """What the API refuses now it refuses in a second."""
    emulated_api.control.add_fault("status", status=status)
    with pytest.raises(REFUSALS[status]):
        caller.api.get("of-nobody")
    assert caller.clock.sleeps == []
    assert emulated_api.control.counts().total == 1


def test_a_start_waits_until_the_api_listens(
    emulator: EmulatorServer, emulated_api: EmulatedApi
) -> None:
    """A refused connection had no effect: the POST goes out once there is one, and only once."""
    caller = ApiCaller.of(
        emulator,
        settings={"retry": RETRY},
        while_asleep=lambda _seconds: emulated_api.control.accept_connections(),
    )
    emulated_api.control.refuse_connections()
    caller.start(emulated_api.meeting_id)
    assert len(caller.clock.sleeps) == 1
    assert emulated_api.control.counts().of("start_track") == 1


def test_an_api_that_is_down_is_tried_five_times(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """The text says that nothing was changed, and where to look."""
    emulated_api.control.refuse_connections()
    try:
        with pytest.raises(NotSentError, match="the connection was refused") as failure:
            caller.start(emulated_api.meeting_id)
    finally:
        emulated_api.control.accept_connections()
    assert len(caller.clock.sleeps) == 4
    assert "Nothing was changed by this call" in str(failure.value)
    assert "CLOUDFLARE_BASE_URL" in str(failure.value)


ACTIONS: list[dict[str, Any]] = [
    {"kind": "cut", "effect": "after"},
    {"kind": "status", "status": 500, "effect": "after"},
]


@pytest.mark.parametrize("fault", ACTIONS, ids=lambda fault: fault["kind"])
def test_an_action_whose_response_was_lost_is_sent_again(
    fault: dict[str, Any], caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """A pause leads to the same state twice; where the second is refused, it has happened."""
    recording_id = _start_recording(emulated_api)
    emulated_api.control.wait_for(recording_id, "RECORDING")
    emulated_api.control.set(repeated_action="accept")
    emulated_api.control.add_fault(route="act_on_recording", times=1, **fault)
    caller.api.send_action(recording_id, "pause")
    assert emulated_api.control.counts().of("act_on_recording") == 2
    assert emulated_api.control.recording(recording_id).status == "PAUSED"
