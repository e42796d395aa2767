"""What arrives instead of a proper response, and the exception that it becomes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RequestRejectedError,
    TokenRejectedError,
)
from tests.api.api_caller import ApiCaller
from tests.example_values import CANARY
from tests.fakes import FakeClock
from tests.fuzz.raw_server import raw_server
from tests.scenarios.steps import EmulatedApi

UNUSABLE: dict[str, tuple[dict[str, Any], str]] = {
    "a connection that is cut": ({"kind": "cut"}, "the connection was cut"),
    "half a body": ({"kind": "cut", "after_bytes": 10}, "the connection was cut"),
    "a proxy's page": ({"kind": "html_body"}, "a body that is not JSON"),
    "no body": ({"kind": "empty_body"}, "a body that is not JSON"),
    "JSON that stops in the middle": ({"kind": "truncated_body"}, "a body that is not JSON"),
    "success: false": ({"kind": "not_success"}, "success: false"),
    "an error of the server": ({"kind": "status", "status": 500}, "the API failed"),
    "a proxy's error": ({"kind": "status", "status": 502, "body": "html"}, "the API failed"),
    "no word but a status": ({"kind": "status", "status": 504, "body": "empty"}, "HTTP 504"),
}
NO_ID: dict[str, dict[str, Any]] = {"a recording without an id": {"kind": "missing_id"}}
AFTER_THE_EFFECT = {"truncated_body", "missing_id"}
"""Faults that can only follow the effect."""

_OK = b"HTTP/1.1 200 OK\r\n"
WITHOUT_END: dict[str, tuple[bytes, bytes, str]] = {
    "in the status": (b"HTTP/1.1 200 ", b"O", "no response within the time allowed"),
    "before the status": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "no response within the time"),
    "in a header": (_OK + b"X-Name: ", b"x", "no response within the time allowed"),
    "in the body": (_OK + b"Content-Length: 65536\r\n\r\n", b" ", "the response did not end"),
    "in a chunk": (_OK + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n", b" ", "did not end"),
    "in a chunk's length": (_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0", "did not end"),
}
"""What is sent at once, what goes on and on after that, and the message about it."""


class Watch(FakeClock):
    """A clock that goes on while the client reads, so fast that its bounds pass in no time."""

    def now(self) -> float:
        """Return fifty seconds for each one."""
        return time.monotonic() * 50


@pytest.mark.parametrize("what", [*UNUSABLE, *NO_ID])
def test_a_start_without_a_proper_response_is_not_sent_again(
    what: str, caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """One POST, which may have had its effect: the caller has to ask."""
    fault, message = UNUSABLE[what] if what in UNUSABLE else (NO_ID[what], "names no recording")
    late = {} if fault["kind"] in AFTER_THE_EFFECT else {"effect": "after"}
    emulated_api.control.add_fault(route="start_track", **fault, **late)
    with pytest.raises(OutcomeUnknownError) as failure:
        caller.start(emulated_api.meeting_id)
    assert message in str(failure.value)
    assert emulated_api.meeting_id in str(failure.value)
    assert emulated_api.control.counts().of("start_track") == 1
    assert emulated_api.live_count == 1


@pytest.mark.parametrize("what", UNUSABLE)
def test_a_get_without_a_proper_response_is_sent_again(
    what: str, caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """It has no effect, so the second response will do."""
    recording_id = emulated_api.control.start_recording(emulated_api.meeting_id)
    emulated_api.control.add_fault(route="get_recording", times=1, **UNUSABLE[what][0])
    assert caller.api.get(recording_id).id == recording_id
    assert emulated_api.control.counts().of("get_recording") == 2


@pytest.mark.parametrize("where", WITHOUT_END)
def test_a_response_that_never_ends_is_given_up(where: str) -> None:
    """A byte now and then keeps a socket busy, but no deployment, wherever the byte stands."""
    with raw_server() as server:
        server.answer, server.trickle, message = WITHOUT_END[where]
        caller = ApiCaller(server.origin, clock=Watch())
        with pytest.raises(OutcomeUnknownError, match=message):
            caller.start("meeting")
        assert len(server.received) == 1


def test_a_proxys_response_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way through it has the time that a connection has, and nothing was sent to the API."""
    with raw_server() as proxy:
        proxy.answer, proxy.trickle, _ = WITHOUT_END["in a header"]
        monkeypatch.setenv("HTTPS_PROXY", proxy.origin)
        monkeypatch.setenv("NO_PROXY", "")
        caller = ApiCaller("https://api.example", clock=Watch())
        with pytest.raises(NotSentError, match="no connection within the time allowed"):
            caller.start("meeting")
        assert {sent.split(b" HTTP")[0] for sent in proxy.received} == {b"CONNECT api.example:443"}


def test_a_response_that_does_not_come_is_given_up(
    emulator: EmulatorServer, emulated_api: EmulatedApi
) -> None:
    """A start is not repeated for it; the recording may run."""
    caller = ApiCaller.of(emulator, settings={"request_timeout": 1.0})
    emulated_api.control.add_fault("slow", route="start_track", effect="after", seconds=3600)
    with pytest.raises(OutcomeUnknownError, match="no response within the time allowed"):
        caller.start(emulated_api.meeting_id)
    assert emulated_api.control.counts().of("start_track") == 1
    assert emulated_api.live_count == 1


@pytest.mark.parametrize("envelope", ["cloudflare", "realtimekit"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, TokenRejectedError), (404, NotFoundError), (422, RequestRejectedError)],
)
def test_both_envelopes_give_the_same_error(
    status: int, kind: type[CallError], envelope: str, caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """The API's words, its code and the ray are found wherever they stand."""
    emulated_api.control.set(error_envelope=envelope)
    emulated_api.control.add_fault("status", status=status, message="no such thing here")
    with pytest.raises(kind) as failure:
        caller.api.get("of-nobody")
    (request,) = emulated_api.control.requests()
    info = failure.value.info
    assert (info.status, info.code, info.ray) == (status, status, request.ray)
    assert info.message == "no such thing here"


@pytest.mark.parametrize("shape", ["top", "nested"])
def test_a_start_is_understood_in_either_shape(
    shape: str, caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """The id stands in ``data``, or in ``data.recording``."""
    emulated_api.control.set(start_answer=shape, start_status=201)
    assert caller.start(emulated_api.meeting_id).id == emulated_api.newest_recording_id


def test_a_start_without_an_id_is_not_sent_again(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """A success that names nothing is open: it is asked about, not repeated."""
    emulated_api.control.set(start_answer="none")
    with pytest.raises(OutcomeUnknownError, match="the response names no recording"):
        caller.start(emulated_api.meeting_id)
    assert emulated_api.live_count == 1


def test_unknown_fields_and_statuses_are_no_error(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """New fields are ignored, a new status is kept, and fields may be null."""
    recording_id = emulated_api.control.start_recording(emulated_api.meeting_id)
    emulated_api.control.add_fault("extra_fields")
    emulated_api.control.add_fault("null_fields", fields=["output_file_name", "started_time"])
    emulated_api.control.add_fault("unknown_status", value="TRANSMOGRIFYING")
    recording = caller.api.get(recording_id)
    assert (recording.id, recording.status) == (recording_id, "TRANSMOGRIFYING")
    assert recording.output_file_name is None


def test_an_echo_of_the_token_stays_inside(
    emulator: EmulatorServer, emulated_api: EmulatedApi
) -> None:
    """An API that repeats what it was sent does not bring it into an exception."""
    emulated_api.control.set_token(f"{CANARY}-token", "allowed")
    caller = ApiCaller(
        emulator.base_url, emulator.account_id, emulator.app_id, token=f"{CANARY}-token"
    )
    emulated_api.control.add_fault("status", status=422, message=f"you sent Bearer {CANARY}-token")
    with pytest.raises(RequestRejectedError) as failure:
        caller.api.get("of-nobody")
    assert CANARY not in f"{failure.value!s} {failure.value!r} {failure.value.info!r}"


def test_the_servers_clock_is_the_one_that_counts(
    caller: ApiCaller, emulated_api: EmulatedApi
) -> None:
    """What began after a POST is told by the clock that stamps recordings."""
    emulated_api.control.set(clock_skew_seconds=86_400)
    caller.api.get_active(emulated_api.meeting_id)
    assert (
        abs(caller.api.get_server_time().timestamp() - emulated_api.control.now() - 86_400) < 3600
    )
