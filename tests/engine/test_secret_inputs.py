"""What a program refuses before the engine has seen it, whichever resource it declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pulumi
import pytest

from realtimekit_provider.recordings.resource import TrackRecording
from realtimekit_provider.storage.gate.resource import StorageGate
from realtimekit_provider.storage.location.resource import StorageLocation
from realtimekit_provider.storage.writer.resource import StorageWriter
from tests.example_values import CANARY, MEETING, STORAGE, build_layers
from tests.programs import Program

BUCKET = {"type": "aws", "bucket": "acme-recordings", "region": "eu-central-1"}
RESOURCES: Mapping[str, Callable[[], pulumi.CustomResource]] = {
    "TrackRecording": lambda: TrackRecording(
        "it", meeting_id=MEETING, layers=build_layers(STORAGE["aws"])
    ),
    "StorageLocation": lambda: StorageLocation("it", BUCKET),
    "StorageWriter": lambda: StorageWriter("it", {**BUCKET, "name": "archive"}),
    "StorageGate": lambda: StorageGate("it", storage_config=STORAGE["aws"]),
}
TOKEN = {"cloudflare:apiToken": f"{CANARY}-token"}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_plaintext_token_is_refused(resource: str) -> None:
    """The engine copies config into state; the message says how to fix it, not the token."""
    program = Program(TOKEN)
    with pytest.raises(pulumi.RunError, match="in plaintext") as raised:
        program.run(lambda: RESOURCES[resource]().id)
    assert "pulumi config set --secret cloudflare:apiToken" in str(raised.value)
    assert "has stored it in the backend's history" in str(raised.value)
    assert CANARY not in str(raised.value)
    assert program.registered == {}


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_encrypted_token_is_no_input(resource: str) -> None:
    """It is read at each run, and never stored."""
    program = Program(TOKEN, tuple(TOKEN))
    program.run(lambda: RESOURCES[resource]().id)
    assert f"{CANARY}-token" not in repr(program.registered["it"])
