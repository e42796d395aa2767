"""What the state of a recording or a meeting allows."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient


def test_a_meeting_has_one_active_recording(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """A second start is refused until the first recording has ended."""
    meeting_id = frozen.recording(recording).meeting_id
    assert api.send_start(meeting_id).status_code == 409
    frozen.set(conflict_status=422)
    assert api.send_start(meeting_id).status_code == 422
    frozen.advance(10)
    api.send_action(recording, "stop")
    assert api.send_start(meeting_id).status_code == 200


@pytest.mark.parametrize("action", ["pause", "resume", "stop"])
def test_an_action_is_not_repeated(
    api: ApiClient, frozen: Control, recording: str, action: str
) -> None:
    """It is a conflict, or has no effect where the setting accepts it."""
    frozen.advance(10)
    if action == "stop":
        api.send_action(recording, "stop")
    elif action == "pause":
        api.send_action(recording, "pause")
    refused = api.send_action(recording, action)
    assert refused.status_code == 409
    frozen.set(repeated_action="accept")
    assert api.send_action(recording, action).status_code == 200


def test_a_second_start_is_refused_unless_accepted(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """With the setting a test sees whether a client starts two."""
    meeting_id = frozen.recording(recording).meeting_id
    assert api.send_start(meeting_id).status_code == 409
    frozen.set(second_start="accept")
    assert api.send_start(meeting_id).status_code == 200
    assert [one.status for one in frozen.recordings(meeting_id)] == ["INVOKED"] * 2


def test_a_recording_that_has_not_started_can_be_stopped_unless_refused(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """A setting decides; the stopped recording is ERRORED."""
    frozen.set(stop_while_invoked="refuse")
    assert api.send_action(recording, "stop").status_code == 409
    frozen.set(stop_while_invoked="accept")
    assert api.send_action(recording, "stop").json()["data"]["status"] == "ERRORED"


def test_a_recording_that_has_not_started_cannot_be_paused(api: ApiClient, recording: str) -> None:
    """There is nothing to pause yet."""
    assert api.send_action(recording, "pause").status_code == 409


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, '"action" is required'),
        ({"action": "delete"}, '"action" must be one of [pause, resume, stop]'),
        ({"action": "stop", "force": True}, '"force" is not allowed'),
    ],
)
def test_an_action_is_one_of_three(
    api: ApiClient, recording: str, body: dict[str, object], text: str
) -> None:
    """Pause, resume or stop."""
    response = api.send("PUT", f"recordings/{recording}", json=body)
    assert response.status_code == 422
    assert response.json()["error"]["message"] == text


def test_a_recording_cannot_be_deleted(api: ApiClient, recording: str) -> None:
    """There is no DELETE for recordings."""
    assert api.send("DELETE", f"recordings/{recording}").status_code == 405
