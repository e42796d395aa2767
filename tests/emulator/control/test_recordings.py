"""The control API of recordings: their state, and the status that a test gives them."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient

CANARY = "canary-secret"
STORAGE = {"type": "aws", "access_key": CANARY, "secret": CANARY, "bucket": "b", "region": "r"}
OUTPUTS = [{"type": "STORAGE_CONFIG", "storage_config": STORAGE}]


@pytest.mark.parametrize(
    "status", ["INVOKED", "RECORDING", "PAUSED", "UPLOADING", "UPLOADED", "ERRORED", "NAPPING"]
)
def test_a_recording_can_be_given_any_status(api: ApiClient, frozen: Control, status: str) -> None:
    """Known or not, and the API shows it."""
    frozen.set(minimum_seconds=5.0)
    recording_id = api.start_recording(frozen.create_meeting(participants=1).id)
    assert frozen.force(recording_id, status).status == status
    assert api.get_recording(recording_id)["status"] == status


def test_a_forced_pause_is_like_one_from_the_dashboard(api: ApiClient, frozen: Control) -> None:
    """It can be resumed through the API, and its time does not count."""
    recording_id = api.start_recording(frozen.create_meeting(participants=1).id)
    frozen.advance(10.05)
    frozen.force(recording_id, "PAUSED")
    frozen.advance(50)
    assert api.send_action(recording_id, "resume").status_code == 200
    assert frozen.recording(recording_id).seconds == pytest.approx(10, abs=0.1)


def test_a_recording_with_an_unknown_status_is_still_active(
    api: ApiClient, frozen: Control
) -> None:
    """It may not have ended, so no second one is started."""
    meeting = frozen.create_meeting(participants=1)
    recording_id = api.start_recording(meeting.id)
    frozen.force(recording_id, "NAPPING")
    assert api.send_start(meeting.id).status_code == 409
    assert api.send_action(recording_id, "stop").status_code == 200


def test_a_recording_can_be_started_from_the_dashboard(api: ApiClient, control: Control) -> None:
    """With another caller and another reason."""
    meeting = control.create_meeting(participants=1)
    recording_id = control.start_recording(meeting.id, reason="RECORD_ON_START")
    reason = api.get_recording(recording_id)["start_reason"]
    assert (reason["reason"], reason["caller"]["type"]) == ("RECORD_ON_START", "USER")
    assert api.send_start(meeting.id).status_code == 409


def test_the_state_of_a_recording_has_its_times_and_outputs(
    api: ApiClient, frozen: Control
) -> None:
    """The outputs are without their secrets."""
    recording_id = api.start_recording(frozen.create_meeting(participants=1).id, outputs=OUTPUTS)
    frozen.advance(10)
    api.send_action(recording_id, "stop")
    frozen.advance(1)
    state = frozen.recordings()[0]
    assert [event.name for event in state.events if event.time == state.stopped_time] == [
        "stopped",
        "uploading",
    ]
    assert state.uploaded_time == state.events[-1].time
    assert CANARY not in str(state)
    output = state.layers["default"]["outputs"][0]
    assert output["storage_config"] == {"type": "aws", "bucket": "b", "region": "r"}
