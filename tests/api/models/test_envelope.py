"""The envelopes around responses, and what a proxy may put in their place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.envelope import Envelope, parse_envelope

ENVELOPES: dict[str, tuple[dict[str, Any], Envelope]] = {
    "a success of RealtimeKit": (
        {"success": True, "data": {"id": "r"}},
        Envelope(is_json=True, success=True, data={"id": "r"}),
    ),
    "a success of the Cloudflare API": (
        {"success": True, "errors": [], "messages": [], "result": {"id": "r"}},
        Envelope(is_json=True, success=True, data={"id": "r"}),
    ),
    "a list with its total": (
        {"success": True, "data": [], "paging": {"total_count": 7}},
        Envelope(is_json=True, success=True, data=[], total_count=7),
    ),
    "a list with a total of an odd type": (
        {"success": True, "data": [], "paging": {"total_count": "many"}},
        Envelope(is_json=True, success=True, data=[]),
    ),
    "a failure of RealtimeKit": (
        {"success": False, "error": {"code": 422, "message": "no"}},
        Envelope(is_json=True, success=False, code=422, message="no"),
    ),
    "a failure of the Cloudflare API": (
        {
            "success": False,
            "errors": [{"code": 10000, "message": "one"}, {"code": 1, "message": "two"}],
            "messages": [],
            "result": None,
        },
        Envelope(is_json=True, success=False, code=10000, message="one; two"),
    ),
    "a failure with the errors that led to it": (
        {
            "success": False,
            "errors": [
                {
                    "code": 6003,
                    "message": "headers",
                    "error_chain": [
                        {"code": 6111, "message": "format"},
                        {"code": 1, "message": "", "error_chain": [{"code": 2, "message": "root"}]},
                    ],
                },
                {"code": 7, "message": "other"},
            ],
        },
        Envelope(
            is_json=True,
            success=False,
            code=6003,
            message="headers: format: root; other",
            chained_codes=(6111, 1, 2),
        ),
    ),
    "a chain of odd types": (
        {"error": {"code": 1, "message": "no", "error_chain": ["x", 5, {"code": "E1"}]}},
        Envelope(is_json=True, code=1, message="no"),
    ),
    "a chain that says the same again": (
        {"error": {"code": 1, "message": "no", "error_chain": [{"code": 1, "message": "no"}]}},
        Envelope(is_json=True, code=1, message="no", chained_codes=(1,)),
    ),
    "an error that is a text": (
        {"success": False, "error": "no"},
        Envelope(is_json=True, success=False, message="no"),
    ),
    "errors of odd types": (
        {"success": "no", "error": 5, "errors": "x", "data": None, "paging": []},
        Envelope(is_json=True),
    ),
    "a code of an odd type": (
        {"errors": ["x", {"code": "E1", "message": None}]},
        Envelope(is_json=True),
    ),
    "half a character": (
        {"error": {"code": 1, "message": "a\ud800b"}},
        Envelope(is_json=True, code=1, message="a?b"),
    ),
}
NO_ENVELOPES = {
    "nothing": b"",
    "a proxy's page": b"<html><body>502 Bad Gateway</body></html>",
    "half an answer": b'{"success": true, "data": {"id": "r',
    "a list": b"[]",
    "a number": b"17",
    "no text": b"\xff\xfe\x00",
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_both_envelopes_are_parsed(name: str) -> None:
    """Payload, code and message are found in either envelope."""
    content, opened = ENVELOPES[name]
    assert parse_envelope(json.dumps(content).encode()) == opened


@pytest.mark.parametrize("name", NO_ENVELOPES)
def test_a_body_without_an_envelope_is_recognised(name: str) -> None:
    """A proxy's page, half a response and an empty body are not JSON objects."""
    assert parse_envelope(NO_ENVELOPES[name]) == Envelope(is_json=False)


def test_a_chain_without_end_is_cut() -> None:
    """What a proxy makes up does not become a page of text."""
    chain: list[Any] = []
    for number in range(30):
        chain = [{"code": number, "message": f"{number}", "error_chain": chain}, 5]
    body = json.dumps({"error": {"code": 1, "error_chain": chain}}).encode()
    assert len(parse_envelope(body).chained_codes) == 20


@given(st.binary())
def test_no_body_is_an_error(body: bytes) -> None:
    """Parsing never raises."""
    assert isinstance(parse_envelope(body), Envelope)
