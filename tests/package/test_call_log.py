"""The line about a call: what it says, and what it never says."""

from __future__ import annotations

import logging

import pytest

from realtimekit_provider.call_log import (
    CallLog,
    find_request_id,
    host_and_path,
    number_attempts,
)

CANARY = "canary-7f3a91"


@pytest.fixture(autouse=True)
def _debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")


def test_a_line_says_what_was_called_and_how_it_ended(caplog: pytest.LogCaptureFixture) -> None:
    """Method, path, status, attempt, duration and the id that a cloud's support asks for."""
    times = iter((10.0, 10.25))
    with CallLog("Azure", "PUT", "h/box", attempt=2, clock=lambda: next(times)) as call:
        call.log_response(201, {"X-Ms-Request-Id": "8f-1"})
    assert caplog.messages == [
        "Azure: PUT h/box answered 201 after 0.250 s (attempt 2, x-ms-request-id 8f-1)"
    ]
    assert caplog.records[0].name == "realtimekit_provider.calls.azure"


def test_a_call_without_an_answer_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """By the kind of its error: the text may hold a URL with its query."""
    with pytest.raises(TimeoutError), CallLog("S3", "GET", "h/b"):
        raise TimeoutError(CANARY)
    with pytest.raises(ValueError, match="body"), CallLog("S3", "GET", "h/b") as call:
        _fail_after_response(call)
    assert [one.split(" after ")[0] for one in caplog.messages] == [
        "S3: GET h/b failed with TimeoutError",
        "S3: GET h/b answered 200",
    ]


def _fail_after_response(call: CallLog) -> None:
    call.log_response(200)
    raise ValueError("body")


def test_no_secret_comes_into_a_line(caplog: pytest.LogCaptureFixture) -> None:
    """Neither one that is known, in path or header, nor one that is in a URL by its form."""
    url = f"https://user:{CANARY}@host:1/b/o?sig={CANARY}&X-Amz-Credential={CANARY}#{CANARY}"
    with CallLog("S3", "GET", host_and_path(url)) as call:
        call.log_response(200)
    with CallLog("RealtimeKit", "GET", f"/accounts/{CANARY}/x\n", secrets=[CANARY]) as call:
        call.log_response(200, {"cf-ray": CANARY})
    assert CANARY not in caplog.text
    assert "S3: GET host/b/o answered 200" in caplog.messages[0]
    assert "RealtimeKit: GET /accounts/[secret]/x  answered 200" in caplog.messages[1]


@pytest.mark.parametrize("value", ["a b", "a\x1b[2J", "x" * 201, ""])
def test_a_header_that_does_not_look_like_an_id_is_left_out(value: str) -> None:
    """Any server can write the header."""
    assert find_request_id({"cf-ray": value, "x-amz-request-id": "ID"}) == "x-amz-request-id ID"


def test_attempts_are_numbered_through_functions(caplog: pytest.LogCaptureFixture) -> None:
    """The number of an outer loop comes back after an inner one."""

    def call() -> None:
        CallLog("Google", "GET", "h/p").log_response(200)

    def call_outer() -> None:
        inner = number_attempts(call)
        inner()
        inner()
        call()

    outer = number_attempts(call_outer)
    outer()
    outer()
    call()
    numbers = [one.rpartition("attempt ")[2] for one in caplog.messages]
    assert numbers == ["1)", "2)", "1)", "1)", "2)", "2)", "1)"]


def test_where_debug_is_off_there_is_no_line(caplog: pytest.LogCaptureFixture) -> None:
    """As in a program that imports the package."""
    caplog.set_level(logging.INFO, logger="realtimekit_provider")
    CallLog("S3", "GET", "h/b").log_response(200)
    assert caplog.messages == []
