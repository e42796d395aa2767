"""The control API as a whole."""

from __future__ import annotations

import pytest
import requests

from realtimekit_emulator import Control, ControlError, EmulatorServer
from tests.emulator.api_client import ApiClient


def test_a_reset_forgets_everything(api: ApiClient, control: Control) -> None:
    """Recordings, meetings, requests, faults and events."""
    api.start_recording(control.create_meeting(participants=1).id)
    control.add_fault("slow")
    control.reset()
    assert not control.recordings()
    assert not control.meetings()
    assert not control.requests()
    assert not control.faults()
    assert not control.events()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "weather"),
        ("DELETE", "recordings"),
        ("GET", "meetings/unknown"),
        ("GET", "faults/9"),
    ],
)
def test_an_unknown_control_request_is_an_error(control: Control, method: str, path: str) -> None:
    """The client raises it."""
    with pytest.raises(ControlError):
        control.send(method, path)


def test_the_control_api_needs_no_token_and_is_on_the_same_port(
    emulator: EmulatorServer,
) -> None:
    """Besides the second port, which the client uses."""
    response = requests.get(f"{emulator.origin}/_emulator/settings", timeout=5)
    assert response.status_code == 200
    assert Control(emulator.origin).settings() == emulator.control.settings()
