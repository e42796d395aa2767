"""Any response of the API is parsed, or raises a CallError and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.retry import RetrySettings
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.api.transport import ApiResponse
from realtimekit_provider.errors import CallError, OutcomeUnknownError
from realtimekit_provider.recordings.outputs import outputs_from_recording
from tests.example_values import (
    ACCOUNT,
    APP,
    CANARY,
    MEETING,
    STORAGE,
    build_layers,
    build_recording_inputs,
)
from tests.fuzz.raw_server import RawServer, raw_server
from tests.fuzz.values import JSON_VALUES, build_nested, corrupted_copies
from tests.property_examples import run_examples

TOKEN = f"{CANARY}-token"
REQUEST = build_recording_inputs(layers=build_layers(STORAGE["aws"])).request
CALLS: dict[str, Callable[[RecordingsClient], Any]] = {
    "start": lambda api: api.start(REQUEST, "outputs"),
    "act": lambda api: api.send_action("rec-1", "pause"),
    "get": lambda api: api.get("rec-1"),
    "get_via_list": lambda api: [api.get_via_list("rec-1", lambda _: True) for _ in range(5)],
    "active": lambda api: api.get_active(MEETING),
    "newest": lambda api: api.list_newest(MEETING),
    "live": lambda api: [one for one, _ in zip(api.list_unfinished(), range(3), strict=False)],
    "has_session": lambda api: api.has_session(MEETING),
    "has_meeting": lambda api: api.has_meeting(MEETING),
}
_ENTRY = {
    "id": "rec-1",
    "status": "RECORDING",
    "meeting_id": MEETING,
    "output_file_name": "standup.webm",
    "invoked_time": "2026-07-01T12:00:00.000Z",
    "recording_duration": 12.5,
    "start_reason": {"reason": "API_CALL", "caller": {"type": "ORGANIZATION"}},
    "storage_config": {**STORAGE["aws"], "secret": "CANARY"},
    "download_url": "https://example.com/CANARY",
}
PAYLOADS: dict[str, Any] = {
    "one": {"success": True, "data": {"recording": _ENTRY}},
    "many": {"success": True, "data": [_ENTRY, _ENTRY], "paging": {"total_count": 2}},
    "error": {"success": False, "error": {"code": 17, "message": f"no: {TOKEN}"}},
    "v4": {"success": False, "errors": [{"code": 7003, "message": TOKEN}], "result": None},
}
STATUSES = st.sampled_from([200, 201, 204, 206, 301, 302, 400, 401, 404, 409, 422, 429, 500, 700])
BODIES = st.one_of(
    st.sampled_from(list(PAYLOADS.values()))
    .flatmap(corrupted_copies)
    .map(json.dumps)
    .map(str.encode),
    JSON_VALUES.map(json.dumps).map(str.encode),
    st.binary(max_size=60),
    st.integers(0, 40).map(lambda cut: json.dumps(PAYLOADS["one"]).encode()[:cut]),
    st.sampled_from([b"NaN", b'"\\ud800"', b"\xff\xfe{}", b"[" * 100_000, b"9" * 5000]),
)
_HEADER_VALUES = st.one_of(
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40),
    st.sampled_from(
        [
            "inf",
            "nan",
            "-1",
            "1e400",
            "Fri, 31 Dec 9999 23:59:59 -2359",
            "Mon, 01 Jan 0001 00:00:00 +2359",
            "Wed, 01 Jul 2026 12:00:00 +9999",
            f"Bearer {TOKEN}",
        ]
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(["Date", "Retry-After", "cf-ray", "Content-Type", "Set-Cookie"]),
    _HEADER_VALUES,
    max_size=3,
)


def create_client(
    base_url: str = "http://127.0.0.1:9", attempts: int = 2, **settings: Any
) -> RecordingsClient:
    """Return a client that tries twice and never sleeps."""
    client_settings = ClientSettings(
        token=SecretStr(TOKEN),
        base_url=base_url,
        retry=RetrySettings(attempts=attempts),
        rate_limits=(),
        **settings,
    )
    return RecordingsClient(ApiSession(client_settings, sleep=lambda _: None), ACCOUNT, APP)


def create_answered_client(status: int, headers: dict[str, str], body: bytes) -> RecordingsClient:
    """Return a client that gets the same response to every request."""
    api = create_client()
    response = ApiResponse(status, headers, body)
    api._session.transport.send = lambda *_, **__: response  # type: ignore[method-assign]
    return api


def call_client(call: str, api: RecordingsClient) -> Any:
    """Return the result or the error of a call: a documented error, without a credential."""
    try:
        result = CALLS[call](api)
    except CallError as error:
        return _check_error(error)
    api.get_server_time()
    for recording in result if isinstance(result, list) else [result]:
        if isinstance(recording, Recording):
            assert CANARY not in repr(recording)
            json.dumps(outputs_from_recording(recording).to_props(), allow_nan=False).encode()
    return result


def _check_error(error: CallError) -> CallError:
    text = f"{error}{error!r}{error.info}"
    assert CANARY not in text
    assert len(str(error)) < 2000
    assert text.isprintable()
    return error


@given(call=st.sampled_from(list(CALLS)), status=STATUSES, headers=HEADERS, body=BODIES)
@example("get", 200, {"Date": "Fri, 31 Dec 9999 23:59:59 -2359"}, b'{"data": {"id": "r"}}')
@example("get", 429, {"Retry-After": "inf"}, b"{}")
@example("get", 422, {"cf-ray": f"Bearer {TOKEN}"}, b"{}")
@example("get", 422, {"cf-ray": TOKEN}, b"{}")
@example("get", 422, {}, b'{"error": {"message": "\\u001b[2J\\u0000\\nnext"}}')
@example("get", 422, {}, b'{"error": {"code": %s}}' % (b"9" * 4000))
@run_examples(400)
def test_a_response_may_hold_anything(
    call: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    """An invalid one is a documented error; what is read can be stored and printed."""
    call_client(call, create_answered_client(status, headers, body))


@pytest.mark.parametrize("depth", [20, 60, 200, 480, 900, 5000])
@pytest.mark.parametrize("call", CALLS)
def test_a_response_may_be_nested_at_any_depth(call: str, depth: int) -> None:
    """In its payload, in its message, and in unknown fields."""
    deep = build_nested(depth, "x")
    texts = (
        [
            json.dumps(content)
            for content in (
                {"data": {"id": "r", "unread": deep}},
                {"error": {"message": deep}},
                {"data": deep},
            )
        ]
        if depth < 900
        else ['{"a":' * depth + "1" + "}" * depth]
    )
    for text in texts:
        for status in (200, 422):
            call_client(call, create_answered_client(status, {}, text.encode()))


def test_a_message_of_megabytes_is_redacted_in_seconds() -> None:
    """The texts would keep a pattern that backtracks busy for hours."""
    first = 'secret:\\"'
    for unit in ("\\", "secret ", first, "-----BEGIN ", "bearer ", '"secret": "', "\\ '"):
        message = first + unit * (1_000_000 // len(unit))
        body = json.dumps({"error": {"message": message}}).encode()
        call_client("get", create_answered_client(422, {}, body))


@pytest.fixture(scope="module")
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


_OK = b"HTTP/1.1 200 OK\r\n"
RAW_RESPONSES = {
    "nothing": b"",
    "no http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "binary": bytes(range(256)) * 4,
    "half a status line": b"HTTP/1.1 20",
    "a status that is no number": b"HTTP/1.1 abc OK\r\n\r\n",
    "a status beyond all": b"HTTP/1.1 99999 OK\r\n\r\n",
    "informational for ever": b"HTTP/1.1 100 Continue\r\n\r\n" * 5000,
    "too many headers": _OK + b"A: b\r\n" * 500 + b"\r\n{}",
    "a header without end": _OK + b"A: " + b"b" * 200_000,
    "two lengths": _OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\n{}",
    "a length that is no number": _OK + b"Content-Length: many\r\n\r\n{}",
    "a negative length": _OK + b"Content-Length: -5\r\n\r\n{}",
    "a length too long": _OK + b"Content-Length: 5000\r\n\r\n{}",
    "broken chunks": _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "a chunk of a lie": _OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n{}\r\n",
    "broken gzip": _OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    "an unknown encoding": _OK + b"Content-Encoding: zz\r\nContent-Length: 2\r\n\r\n{}",
    "an encoding in itself": _OK + b"Content-Encoding: " + b"gzip," * 200 + b"gzip\r\n\r\n{}",
    "a broken cookie": _OK + b"Set-Cookie: \xff=\x00; expires=Mon, 99 Foo\r\n\r\n{}",
    "headers in latin-1": _OK + b"cf-ray: \xe9\xff\r\nDate: \xff\r\n\r\n{}",
    "a redirect to no url": b"HTTP/1.1 302 F\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
    "a redirect to no text": b"HTTP/1.1 302 F\r\nLocation: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
    "a redirect to a file": b"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\n\r\n",
    "a redirect to no port": b"HTTP/1.1 302 F\r\nLocation: http://a:b:c/\r\n\r\n",
    "a redirect to a label too long": b"HTTP/1.1 301 F\r\nLocation: //"
    + b"a" * 99
    + b".b/\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW_RESPONSES)
@pytest.mark.parametrize("call", ["get", "start"])
def test_a_server_may_send_anything(call: str, name: str, server: RawServer) -> None:
    """Broken HTTP, and no HTTP."""
    server.answer, server.trickle = RAW_RESPONSES[name], b""
    call_client(call, create_client(server.origin))


@given(answer=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(_OK.__add__)))
@run_examples(40)
def test_a_server_may_send_random_bytes(server: RawServer, answer: bytes) -> None:
    """Before or after a status line."""
    server.answer, server.trickle = answer, b""
    call_client("get", create_client(server.origin, attempts=1))


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_response_that_never_ends_is_a_timeout(head: bytes, server: RawServer) -> None:
    """With any status: no part of the HTTP library reads it without our time limit."""
    server.answer, server.trickle = head, b"1\r\n \r\n"
    api = create_client(server.origin, attempts=1, request_timeout=0.3)
    assert isinstance(call_client("get", api), OutcomeUnknownError)


def test_a_list_that_never_ends_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking its first pages for all would delete storage that is still written to."""
    monkeypatch.setattr("realtimekit_provider.api.client._MOST_PAGES", 3)
    page = json.dumps({"data": [{"id": f"rec-{number}"} for number in range(100)]}).encode()
    with pytest.raises(OutcomeUnknownError, match="does not end"):
        list(create_answered_client(200, {}, page).list_unfinished())
