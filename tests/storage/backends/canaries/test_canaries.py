"""No failure of any backend shows a credential of the environment, a file or a storage_config."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

import pytest

from realtimekit_provider.errors import RealtimeKitError
from tests.leaks import find_leak
from tests.storage.backends.canaries.calls import CALLS, build_environment
from tests.storage.backends.canaries.failures import FAILURES
from tests.storage.backends.canaries.servers import WORD

_PREFIXES = ("AWS_", "SPACES_", "GOOGLE_", "STORAGE_", "CLOUDSDK_", "AZURE_", "SSH_")


_READERS = {
    "an access key": ("aws", "spaces"),
    "an account key": ("azure",),
    "a token": ("aws",),
    "a helper": ("aws",),
    "a connection string": ("azure",),
}
"""Who reads what a failure is about, by how its name begins; every SDK otherwise, but SFTP's."""

_SFTP_FAILURES = {"refused", "unreachable", "TLS fails"}


def is_tried(call: str, failure: str) -> bool:
    """Whether a failure can happen to a call: no variable and no proxy is SFTP's."""
    if call.startswith("sftp"):
        return failure in _SFTP_FAILURES
    readers = (names for begin, names in _READERS.items() if failure.startswith(begin))
    return call.startswith(next(readers, ("",)))


CASES = [(call, failure) for call in CALLS for failure in FAILURES if is_tried(call, failure)]


@pytest.fixture(autouse=True)
def _canary_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every variable and file that an SDK reads holds the canary; nobody waits."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, value in build_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.parametrize(("call", "failure"), CASES)
def test_a_failure_shows_no_credential(
    call: str,
    failure: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In the error, its traceback, our log and the SDKs' warnings."""
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.DEBUG, "realtimekit_provider")
    with FAILURES[failure](monkeypatch, tmp_path) as url, pytest.raises(RealtimeKitError) as caught:
        CALLS[call](url)
    error = caught.value
    texts = (str(error), repr(error), *traceback.format_exception(error))
    assert [*filter(None, (find_leak(text, WORD) for text in texts))] == []
    assert find_leak(caplog.text, WORD) is None
