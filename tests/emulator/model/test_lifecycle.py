"""The life of a recording, with a frozen clock that tests move."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient


def get_meeting_id(control: Control, recording_id: str) -> str:
    """Return the meeting of a recording."""
    return control.recording(recording_id).meeting_id


def test_a_recording_runs_after_it_was_invoked(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """INVOKED lasts as long as invoked_seconds says, and no longer."""
    frozen.advance(4.9)
    assert api.get_recording(recording)["status"] == "INVOKED"
    assert api.get_recording(recording)["started_time"] is None
    frozen.advance(0.2)
    assert api.get_recording(recording)["status"] == "RECORDING"
    state = frozen.recording(recording)
    assert state.started_time == pytest.approx(state.invoked_time + 5)


def test_pauses_do_not_count_as_recorded(api: ApiClient, frozen: Control, recording: str) -> None:
    """Ten seconds, a pause of a hundred and ten seconds more are twenty seconds."""
    frozen.advance(15)
    assert api.send_action(recording, "pause").json()["data"]["status"] == "PAUSED"
    frozen.advance(100)
    assert api.get_recording(recording)["recording_duration"] == 10
    assert api.send_action(recording, "resume").json()["data"]["status"] == "RECORDING"
    frozen.advance(10.1)
    assert api.send_action(recording, "stop").json()["data"]["recording_duration"] == 20


def test_a_stop_while_paused_counts_no_pause(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """The pause that the stop ends is not recorded time."""
    frozen.advance(15)
    api.send_action(recording, "pause")
    frozen.advance(100)
    assert api.send_action(recording, "stop").json()["data"]["recording_duration"] == 10


def test_a_stopped_recording_uploads(api: ApiClient, frozen: Control, recording: str) -> None:
    """UPLOADING lasts upload_seconds; then the file can be downloaded."""
    frozen.advance(15)
    stopped = api.send_action(recording, "stop").json()["data"]
    assert (stopped["status"], stopped["download_url"]) == ("UPLOADING", None)
    assert stopped["stop_reason"]["reason"] == "API_CALL"
    frozen.advance(9.9)
    assert api.get_recording(recording)["status"] == "UPLOADING"
    frozen.advance(0.2)
    assert api.get_recording(recording)["status"] == "UPLOADED"
    assert frozen.recording(recording).event_names == [
        "invoked", "started", "stopped", "uploading", "layer_uploaded", "uploaded",
    ]  # fmt: skip


def test_a_recording_that_is_too_short_is_errored(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """Less than minimum_seconds leaves nothing to upload."""
    frozen.advance(7.9)
    assert api.send_action(recording, "stop").json()["data"]["status"] == "ERRORED"
    frozen.advance(100)
    assert frozen.recording(recording).event_names[-1] == "errored"


def test_a_recording_ends_at_max_seconds(api: ApiClient, frozen: Control) -> None:
    """The limit counts from the beginning of the recording, pauses included."""
    recording = api.start_recording(frozen.create_meeting(participants=1).id, max_seconds=60)
    frozen.advance(0.1)
    api.send_action(recording, "pause")
    frozen.advance(59)
    assert api.get_recording(recording)["status"] == "PAUSED"
    frozen.advance(2)
    state = frozen.recording(recording)
    assert state.status == "UPLOADED"
    assert state.started_time is not None
    assert state.stopped_time == pytest.approx(state.started_time + 60)


def test_no_recording_is_longer_than_a_day(frozen: Control, recording: str) -> None:
    """Without max_seconds the end comes after 24 hours."""
    frozen.advance(24 * 3600)
    assert frozen.recording(recording).status == "RECORDING"
    frozen.advance(6)
    assert frozen.recording(recording).status == "UPLOADING"


def test_an_empty_room_ends_the_recording(api: ApiClient, frozen: Control, recording: str) -> None:
    """After a minute, with ALL_PEERS_LEFT as the reason."""
    frozen.advance(20)
    frozen.leave(get_meeting_id(frozen, recording))
    frozen.advance(59)
    assert api.get_recording(recording)["status"] == "RECORDING"
    frozen.advance(2)
    recording_now = api.get_recording(recording)
    assert (recording_now["status"], recording_now["stop_reason"]["reason"]) == (
        "UPLOADING",
        "ALL_PEERS_LEFT",
    )
    assert recording_now["stop_reason"]["caller"] is None


def test_coming_back_in_time_keeps_the_recording(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """Somebody who returns within the minute prevents the end."""
    meeting_id = get_meeting_id(frozen, recording)
    frozen.leave(meeting_id)
    frozen.advance(59)
    frozen.join(meeting_id)
    frozen.advance(120)
    assert api.get_recording(recording)["status"] == "RECORDING"


def test_leaving_again_restarts_the_minute(api: ApiClient, frozen: Control, recording: str) -> None:
    """It counts from the last time that the room became empty."""
    meeting_id = get_meeting_id(frozen, recording)
    frozen.leave(meeting_id)
    frozen.advance(40)
    frozen.join(meeting_id)
    frozen.advance(1)
    frozen.leave(meeting_id)
    frozen.advance(40)
    assert api.get_recording(recording)["status"] == "RECORDING"
    frozen.advance(21)
    assert api.get_recording(recording)["status"] == "UPLOADING"


def test_the_end_of_the_session_ends_the_recording(
    api: ApiClient, frozen: Control, recording: str
) -> None:
    """No session, no recording."""
    frozen.advance(20)
    frozen.end_session(get_meeting_id(frozen, recording))
    assert api.get_recording(recording)["stop_reason"]["reason"] == "ALL_PEERS_LEFT"


def test_a_meeting_without_people_cannot_be_recorded(api: ApiClient, frozen: Control) -> None:
    """Neither one that was never attended nor one that everybody has left."""
    meeting = frozen.create_meeting()
    assert api.send_start(meeting.id).status_code == 409
    frozen.join(meeting.id)
    frozen.leave(meeting.id)
    assert api.send_start(meeting.id).status_code == 409
    assert frozen.recordings() == []


def test_an_unknown_meeting_is_not_found(api: ApiClient) -> None:
    """A start for a meeting that does not exist is a 404."""
    response = api.send_start("unknown")
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "Meeting not found"


def test_scaled_time_shortens_the_wait(api: ApiClient, control: Control) -> None:
    """At a thousand seconds a second, half a minute is over at once."""
    control.set(invoked_seconds=30.0)
    recording = api.start_recording(control.create_meeting(participants=1).id)
    control.scale_time(1000)
    state = control.wait_for(recording, "RECORDING")
    assert state.started_time == pytest.approx(state.invoked_time + 30)
