"""How often a call is made, and how long the client waits in between."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
    TokenRejectedError,
)
from tests.api.api_caller import RequestExecutor
from tests.scenarios.steps import EmulatedApi


def _started(emulated_api: EmulatedApi) -> str:
    return emulated_api.control.start_recording(emulated_api.meeting_id)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_obeyed(
    status: int, caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """Two refusals are two waits of the asked length, each said, and three calls."""
    recording_id = _started(emulated_api)
    emulated_api.control.add_fault(
        "status", route="get_recording", status=status, retry_after=7, times=2
    )
    assert caller.api.get(recording_id).id == recording_id
    assert caller.clock.sleeps == [7, 7]
    assert emulated_api.control.counts().of("get_recording") == 3
    assert [text.partition(": ")[2] for text in caller.said] == ["trying again in 7 s"] * 2


def test_retry_after_as_a_date_is_held_against_the_servers_clock(
    caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """A server whose clock is an hour ahead makes nobody wait an hour."""
    emulated_api.control.set(clock_skew_seconds=3600)
    recording_id = _started(emulated_api)
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
    caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """A 429 had no effect, so there is one recording after two POSTs."""
    emulated_api.control.add_fault(
        "status", route="start_track", status=429, retry_after=3, times=1
    )
    started = caller.start(emulated_api.meeting_id)
    assert caller.clock.sleeps == [3]
    assert emulated_api.control.counts().of("start_track") == 2
    assert [one.id for one in emulated_api.control.recordings()] == [started.id]


def test_a_wait_beyond_the_deadline_is_not_begun(
    caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """The error comes at once, with what the API asks for."""
    emulated_api.control.add_fault("status", status=429, retry_after=3600)
    with pytest.raises(RateLimitedError, match="it asks to wait 3600 s") as failure:
        caller.api.get_active(emulated_api.meeting_id)
    assert failure.value.info.retry_after == 3600
    assert caller.clock.sleeps == []
    assert emulated_api.control.counts().total == 1


def test_many_waits_for_a_limit_stay_within_their_bound(
    caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """Each wait is short enough, and none is a try; the seventh would end past 330 seconds."""
    emulated_api.control.add_fault("status", status=429, retry_after=50)
    with pytest.raises(RateLimitedError):
        caller.api.get_active(emulated_api.meeting_id)
    assert caller.clock.sleeps == [50] * 6
    assert emulated_api.control.counts().total == 7


def test_many_waits_for_an_answer_stay_within_the_deadline_of_one_call(
    caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """Each wait is short enough; the third would end past the 120 seconds of a call."""
    emulated_api.control.add_fault("status", status=503, retry_after=50)
    with pytest.raises(OutcomeUnknownError):
        caller.api.get_active(emulated_api.meeting_id)
    assert caller.clock.sleeps == [50, 50]
    assert emulated_api.control.counts().total == 3


def test_a_wait_for_a_limit_leaves_the_call_its_time(
    caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """After five minutes of a spent budget, a failing answer is still asked for again."""
    emulated_api.control.add_fault("status", status=429, retry_after=300, times=1)
    emulated_api.control.add_fault("status", status=502, first=2)
    with pytest.raises(OutcomeUnknownError, match="HTTP 502"):
        caller.api.get_active(emulated_api.meeting_id)
    assert caller.clock.sleeps[0] == 300
    assert emulated_api.control.counts().total == 6


def test_without_retry_after_the_pauses_double(
    caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """Five tries, and then the error of the last one."""
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
def test_a_clear_no_is_asked_for_once(
    status: int, caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """What the API refuses now it refuses in a second."""
    emulated_api.control.add_fault("status", status=status)
    with pytest.raises(REFUSALS[status]):
        caller.api.get("of-nobody")
    assert caller.clock.sleeps == []
    assert emulated_api.control.counts().total == 1


def test_a_start_waits_until_somebody_listens(
    emulator: EmulatorServer, emulated_api: EmulatedApi
) -> None:
    """A refused connection had no effect: the POST goes out once there is one, and only once."""
    caller = RequestExecutor.of(
        emulator, while_asleep=lambda _seconds: emulated_api.control.accept_connections()
    )
    emulated_api.control.refuse_connections()
    caller.start(emulated_api.meeting_id)
    assert len(caller.clock.sleeps) == 1
    assert emulated_api.control.counts().of("start_track") == 1


def test_an_api_that_is_down_is_tried_five_times(
    caller: RequestExecutor, emulated_api: EmulatedApi
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
def test_an_action_whose_answer_was_lost_is_sent_again(
    fault: dict[str, Any], caller: RequestExecutor, emulated_api: EmulatedApi
) -> None:
    """A pause leads to the same state twice; where the second is refused, it has happened."""
    recording_id = _started(emulated_api)
    emulated_api.control.wait_for(recording_id, "RECORDING")
    emulated_api.control.set(repeated_action="accept")
    emulated_api.control.add_fault(route="act_on_recording", times=1, **fault)
    caller.api.send_action(recording_id, "pause")
    assert emulated_api.control.counts().of("act_on_recording") == 2
    assert emulated_api.control.recording(recording_id).status == "PAUSED"
