"""What who only reads is told of a call that failed."""

from __future__ import annotations

import pytest

from realtimekit_provider.cli.call_errors import describe_call_error, get_host
from realtimekit_provider.errors import (
    CallError,
    CallInfo,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
    TokenRejectedError,
)

AGAIN = "run it again; if it fails again, "
OUTAGE = "see whether the API has an outage"


@pytest.mark.parametrize(
    ("kind", "status", "text", "advice"),
    [
        (OutcomeUnknownError, 503, "listing failed. Deploy again", AGAIN + OUTAGE),
        (OutcomeUnknownError, 200, "listing failed. Deploy again", "see what answers at host: it"),
        (OutcomeUnknownError, None, "listing failed. Deploy again", "this machine reaches host"),
        (NotSentError, None, "listing failed. Nothing was changed by this call: wait", "wait"),
        (RateLimitedError, 429, "listing failed. Deploy again later", "wait, and see what else"),
        (TokenRejectedError, 403, "listing failed. Give a token", "'realtimekit doctor' tells"),
        (RequestRejectedError, 400, "listing failed", "see what answers at host"),
        (RequestRejectedError, 404, "listing failed. Fix the address", "fix the address"),
    ],
)
def test_a_call_that_only_reads_advises_no_deployment(
    kind: type[CallError], status: int | None, text: str, advice: str
) -> None:
    """The error's own advice is about deployments, where it does not say what is in the way."""
    details = f" (HTTP {status})" if status else ""
    seen, found = describe_call_error(kind(text, CallInfo("GET", "/x", status)), "host")
    assert seen == f"listing failed{details}"
    assert advice in found
    assert "eploy" not in found


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        (None, "api.cloudflare.com"),
        ("http://user:secret@127.0.0.1:8787/client/v4", "127.0.0.1:8787"),
        ("http://[::1]:8787/client/v4", "[::1]:8787"),
        ("http://localhost:port/client/v4", ""),
    ],
)
def test_a_host_is_named_with_its_port(base_url: str | None, host: str) -> None:
    """So that the advice names what was called, without a login in it."""
    assert get_host(base_url) == host
