"""Each call of Google's APIs is a line in the log."""

from __future__ import annotations

import json
import logging

import pytest

from realtimekit_provider.storage.backends.gcs.write_probe import GcsWriteProbe
from tests.storage.backends.gcs.gcs_setup import BUCKET, build_location, config
from tests.storage.locations import locations
from tools.test_servers.gcs_server import GcsServer


def test_calls_and_tokens_are_logged_without_query_or_credential(
    server: GcsServer, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The token that is fetched for a key, too; neither it nor the key is in a line."""
    caplog.set_level(logging.DEBUG, logger="realtimekit_provider")
    locations("gcs").read(build_location())
    GcsWriteProbe().check(config(secret), None)
    lines = [one.message for one in caplog.records if one.name.endswith("calls.google")]
    assert len(lines) == len(caplog.records)
    methods = [one.split(" after ")[0] for one in lines]
    assert f"Google: GET 127.0.0.1/storage/v1/b/{BUCKET} answered 200" in methods
    assert any(one.startswith("Google: POST 127.0.0.1/") and "token" in one for one in methods)
    assert all("attempt 1" in one and "?" not in one for one in lines)
    key = json.loads(secret)["private_key"]
    assert not any(part in caplog.text for part in (*key.splitlines()[1:-1], "Bearer", "ya29"))
