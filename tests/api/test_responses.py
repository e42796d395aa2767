"""What a response means."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.envelope import Envelope
from realtimekit_provider.api.responses import parse_response, parse_server_time
from realtimekit_provider.api.transport import ApiResponse
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestConflictError,
    RequestRejectedError,
    TokenRejectedError,
)
from tests.example_values import CANARY

SUCCESS = b'{"success": true, "data": {"id": "r"}}'
FAILURE = b'{"success": false, "error": {"code": 17, "message": "told why"}}'
LISTED_FAILURE = b'{"success": false, "errors": [{"code": 1001, "message": "unknown"}]}'
NO_ROUTE = b'{"success": false, "errors": [{"code": 7003, "message": "Could not route to /x"}]}'
NO_PATH = b'{"success": false, "errors": [{"code": 7000, "message": "No route for that URI"}]}'
MALFORMED_TOKEN = json.dumps(
    {
        "success": False,
        "errors": [
            {
                "code": 6003,
                "message": "Invalid request headers",
                "error_chain": [
                    {"code": 6111, "message": "Invalid format for Authorization header"}
                ],
            }
        ],
        "messages": [],
        "result": None,
    }
).encode()
HTML = b"<html>oops</html>"
NOON = "Wed, 01 Jul 2026 12:00:00 GMT"
LATER = "Wed, 01 Jul 2026 12:00:30 GMT"

MEANINGS: list[tuple[int, bytes, type[CallError] | None]] = [
    (200, SUCCESS, None),
    (201, SUCCESS, None),
    (200, b"{}", None),
    (200, FAILURE, OutcomeUnknownError),
    (200, HTML, OutcomeUnknownError),
    (200, b"", OutcomeUnknownError),
    (204, b"", OutcomeUnknownError),
    (302, HTML, RequestRejectedError),
    (400, FAILURE, RequestRejectedError),
    (400, MALFORMED_TOKEN, TokenRejectedError),
    (401, FAILURE, TokenRejectedError),
    (403, HTML, TokenRejectedError),
    (404, FAILURE, NotFoundError),
    (404, LISTED_FAILURE, NotFoundError),
    (404, NO_ROUTE, RequestRejectedError),
    (404, NO_PATH, RequestRejectedError),
    (404, HTML, RequestRejectedError),
    (404, b"", RequestRejectedError),
    (404, b"{}", RequestRejectedError),
    (404, b'{"error": {"code": 404, "message": "of another service"}}', RequestRejectedError),
    (404, SUCCESS, RequestRejectedError),
    (409, FAILURE, RequestConflictError),
    (422, FAILURE, RequestRejectedError),
    (429, FAILURE, RateLimitedError),
    (429, b"", RateLimitedError),
    (500, FAILURE, OutcomeUnknownError),
    (502, HTML, OutcomeUnknownError),
    (503, b"", OutcomeUnknownError),
    (599, SUCCESS, OutcomeUnknownError),
]


def parse(status: int, body: bytes = b"", /, **headers: str) -> Envelope | CallError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return parse_response(
        "GET", "/recordings/r", ApiResponse(status, named, body), ["CANARY-token"]
    )


def error_of(status: int, body: bytes = b"", /, **headers: str) -> CallError:
    result = parse(status, body, **headers)
    assert isinstance(result, CallError)
    return result


@pytest.mark.parametrize(("status", "body", "kind"), MEANINGS)
def test_a_response_means(status: int, body: bytes, kind: type[CallError] | None) -> None:
    """Each status, with a body that fits or does not, is one kind of outcome."""
    result = parse(status, body)
    if kind is None:
        assert isinstance(result, Envelope)
    else:
        assert type(result) is kind


@pytest.mark.parametrize("body", [HTML, NO_ROUTE, NO_PATH])
def test_a_404_of_another_server_says_what_to_fix(body: bytes) -> None:
    """It says nothing about a recording, but that the address is wrong."""
    assert ". Fix cloudflare:baseUrl (CLOUDFLARE_BASE_URL)" in str(error_of(404, body))


def test_a_success_carries_its_payload() -> None:
    """What is returned of a success is the opened envelope."""
    assert parse(200, SUCCESS) == Envelope(is_json=True, success=True, data={"id": "r"})


def test_an_error_carries_what_is_known() -> None:
    """Status, code, ray and the API's words travel as data, and stand in the text."""
    error = error_of(422, FAILURE, cf_ray="8f-FRA")
    info = error.info
    assert (info.method, info.path, info.status) == ("GET", "/recordings/r", 422)
    assert (info.code, info.ray, info.message) == (17, "8f-FRA", "told why")
    assert str(error) == "the API refused the request: told why (HTTP 422, code 17, cf-ray 8f-FRA)"


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_says_how_to_give_another(status: int) -> None:
    """The two ways to give a token, and the permission that it needs."""
    text = str(error_of(status))
    for part in ("Realtime Admin", "CLOUDFLARE_API_TOKEN", "--secret cloudflare:apiToken"):
        assert part in text


def test_a_malformed_token_is_reported_as_such() -> None:
    """A token in quotes is refused as a header; the chain of the error says so."""
    text = str(error_of(400, MALFORMED_TOKEN))
    assert text.startswith(
        "the API says that the token is not in the right form: Invalid request headers: Invalid "
        "format for Authorization header. Most often it is in quotes"
    )
    assert "CLOUDFLARE_API_TOKEN" in text
    assert text.endswith("(HTTP 400, code 6003)")


def test_the_errors_that_led_to_an_error_are_shown() -> None:
    """The first one often says only that something is wrong."""
    body = {
        "errors": [
            {
                "code": 1000,
                "message": "validation failed",
                "error_chain": [{"code": 1001, "message": "max_seconds is too small"}],
            }
        ]
    }
    text = str(error_of(422, json.dumps(body).encode()))
    assert "the API refused the request: validation failed: max_seconds is too small" in text


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429, 500])
def test_a_credential_that_the_api_quotes_is_hidden(status: int) -> None:
    """An API that repeats a credential in its message does not bring it into ours."""
    message = 'token CANARY-token, {"secret": "CANARY"}, Bearer CANARY'
    body = json.dumps({"success": False, "error": {"message": message}}).encode()
    error = error_of(status, body)
    assert CANARY not in str(error) + repr(error)


def test_a_very_long_message_is_cut() -> None:
    """A page of text does not become a page of error."""
    body = json.dumps({"error": {"message": "x" * 10_000}}).encode()
    assert len(str(error_of(422, body))) < 600


RETRY_AFTER: list[tuple[dict[str, str], float | None]] = [
    ({}, None),
    ({"Retry_After": ""}, None),
    ({"Retry_After": "soon"}, None),
    ({"Retry_After": "7"}, 7.0),
    ({"Retry_After": " 0.5 "}, 0.5),
    ({"Retry_After": "-3"}, 0.0),
    ({"Retry_After": LATER, "Date": NOON}, 30.0),
    ({"Retry_After": NOON, "Date": LATER}, 0.0),
    ({"Retry_After": "Wed, 01 Jul 2026 12:00:30 -0000", "Date": NOON}, 30.0),
    ({"Retry_After": "1 Jan 99999999999999999999 00:00:00 GMT", "Date": NOON}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), RETRY_AFTER)
def test_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    """In seconds, or as a date that is held against the server's own clock."""
    assert error_of(429, b"", **headers).info.retry_after == seconds


def test_a_date_without_the_servers_clock_is_held_against_ours() -> None:
    """Some proxies send no Date."""
    in_an_hour = datetime.now(timezone.utc) + timedelta(hours=1)
    asked = error_of(503, Retry_After=in_an_hour.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    assert asked.info.retry_after == pytest.approx(3600, abs=60)


@pytest.mark.parametrize("status", [429, 503])
def test_an_error_names_the_wait_that_is_asked_for(status: int) -> None:
    """The sentence of a rate limit or of an outage tells for how long."""
    assert "it asks to wait 7 s" in str(error_of(status, Retry_After="7"))


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        (NOON, datetime(2026, 7, 1, 12, tzinfo=timezone.utc)),
        ("Wed, 01 Jul 2026 12:00:00 -0000", datetime(2026, 7, 1, 12, tzinfo=timezone.utc)),
        ("", None),
        ("noon", None),
        ("Wed, 01 Jul 2026 99999999999999:00:00 GMT", None),
    ],
)
def test_the_servers_clock_is_read_from_the_date(date: str, moment: datetime | None) -> None:
    """What is no date tells nothing."""
    assert parse_server_time(ApiResponse(200, {"Date": date}, b"")) == moment


def test_a_server_may_keep_its_time_to_itself() -> None:
    """An answer without the header is an answer."""
    assert parse_server_time(ApiResponse(200, {}, b"")) is None


@given(
    st.integers(200, 599),
    st.binary(max_size=40),
    st.dictionaries(
        st.sampled_from(["Retry-After", "Date", "cf-ray"]), st.text("0123456789 GMTJan:,+-.einf")
    ),
)
def test_every_response_has_an_outcome(status: int, body: bytes, headers: Any) -> None:
    """No status, body or header crashes the decision, and only a 2xx succeeds."""
    result = parse_response("GET", "/", ApiResponse(status, headers, body))
    assert isinstance(result, CallError) or status // 100 == 2
    assert str(result)
