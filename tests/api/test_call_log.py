"""Each call of the API is a line in the log."""

from __future__ import annotations

import logging
import re
from contextlib import suppress

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.errors import CallError
from tests.api.api_caller import ApiCaller


def test_all_attempts_of_a_call_are_logged_without_their_query(
    caller: ApiCaller, emulator: EmulatorServer, caplog: pytest.LogCaptureFixture
) -> None:
    """One that was answered, and one that was cut, with the ray that the API gives."""
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")
    emulator.control.add_fault("status", route="list_recordings", status=503, times=1)
    emulator.control.add_fault("cut", route="list_recordings", first=2, times=1)
    assert caller.api.list_newest("meeting") == []
    path = f"/accounts/{caller.account_id}/realtime/kit/{caller.app_id}/recordings"
    lines = [re.sub(r"\d+\.\d{3} s|(?<=cf-ray )\S+(?=\))", "…", one) for one in caplog.messages]
    assert lines == [
        f"RealtimeKit: GET {path} answered 503 after … (attempt 1, cf-ray …)",
        f"RealtimeKit: GET {path} failed with OutcomeUnknownError after … (attempt 2)",
        f"RealtimeKit: GET {path} answered 200 after … (attempt 3, cf-ray …)",
    ]


def test_an_api_that_cannot_be_reached_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """With the kind of the error, and the number of each attempt."""
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")
    caller = ApiCaller("http://127.0.0.1:1/client/v4", account_id="canary-token")
    with suppress(CallError):
        caller.api.list_newest("meeting")
    assert [one.rpartition("(")[2] for one in caplog.messages[:2]] == ["attempt 1)", "attempt 2)"]
    assert all("failed with NotSentError" in one for one in caplog.messages)
    assert "canary-token" not in caplog.text
