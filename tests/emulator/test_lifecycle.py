"""The life of a recording, with a clock that only moves when told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from realtimekit_emulator import Control

    from .conftest import Api


@pytest.fixture
def recording(api: Api, frozen: Control) -> str:
    """Return a recording that was just started, in a life of round numbers."""
    frozen.set(invoked_seconds=5.0, upload_seconds=10.0, minimum_seconds=3.0)
    return api.started(frozen.create_meeting(participants=1).id)


def meeting_of(control: Control, recording_id: str) -> str:
    """Return the meeting of a recording."""
    return control.recording(recording_id).meeting_id


def test_a_recording_runs_after_it_was_invoked(api: Api, frozen: Control, recording: str) -> None:
    """INVOKED lasts as long as invoked_seconds says, and not a moment longer."""
    frozen.advance(4.9)
    assert api.shown(recording)["status"] == "INVOKED"
    assert api.shown(recording)["started_time"] is None
    frozen.advance(0.2)
    assert api.shown(recording)["status"] == "RECORDING"
    state = frozen.recording(recording)
    assert state.started_time == pytest.approx(state.invoked_time + 5)


def test_pauses_do_not_count_as_recorded(api: Api, frozen: Control, recording: str) -> None:
    """Ten seconds, a pause of a hundred and ten seconds more are twenty seconds."""
    frozen.advance(15)
    assert api.act(recording, "pause").json()["data"]["status"] == "PAUSED"
    frozen.advance(100)
    assert api.shown(recording)["recording_duration"] == 10
    assert api.act(recording, "resume").json()["data"]["status"] == "RECORDING"
    frozen.advance(10.1)
    assert api.act(recording, "stop").json()["data"]["recording_duration"] == 20


def test_a_stop_while_paused_counts_no_pause(api: Api, frozen: Control, recording: str) -> None:
    """The pause that the stop ends is not recorded time."""
    frozen.advance(15)
    api.act(recording, "pause")
    frozen.advance(100)
    assert api.act(recording, "stop").json()["data"]["recording_duration"] == 10


def test_a_stopped_recording_uploads(api: Api, frozen: Control, recording: str) -> None:
    """UPLOADING lasts upload_seconds; then the file can be had for seven days."""
    frozen.advance(15)
    stopped = api.act(recording, "stop").json()["data"]
    assert (stopped["status"], stopped["download_url"]) == ("UPLOADING", None)
    assert stopped["stop_reason"]["reason"] == "API_CALL"
    frozen.advance(9.9)
    assert api.shown(recording)["status"] == "UPLOADING"
    frozen.advance(0.2)
    assert api.shown(recording)["status"] == "UPLOADED"
    assert frozen.recording(recording).event_names == [
        "invoked", "started", "stopped", "uploading", "layer_uploaded", "uploaded",
    ]  # fmt: skip


def test_a_recording_that_is_too_short_is_errored(
    api: Api, frozen: Control, recording: str
) -> None:
    """Less than minimum_seconds leaves nothing to upload."""
    frozen.advance(7.9)
    assert api.act(recording, "stop").json()["data"]["status"] == "ERRORED"
    frozen.advance(100)
    assert frozen.recording(recording).event_names[-1] == "errored"


def test_a_recording_ends_at_max_seconds(api: Api, frozen: Control) -> None:
    """The limit counts from the beginning of the recording, pauses included."""
    recording = api.started(frozen.create_meeting(participants=1).id, max_seconds=60)
    frozen.advance(0.1)
    api.act(recording, "pause")
    frozen.advance(59)
    assert api.shown(recording)["status"] == "PAUSED"
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


def test_an_empty_room_ends_the_recording(api: Api, frozen: Control, recording: str) -> None:
    """Nobody there for a minute, and it is over because all peers left."""
    frozen.advance(20)
    frozen.leave(meeting_of(frozen, recording))
    frozen.advance(59)
    assert api.shown(recording)["status"] == "RECORDING"
    frozen.advance(2)
    shown = api.shown(recording)
    assert (shown["status"], shown["stop_reason"]["reason"]) == ("UPLOADING", "ALL_PEERS_LEFT")
    assert shown["stop_reason"]["caller"] is None


def test_coming_back_in_time_keeps_the_recording(api: Api, frozen: Control, recording: str) -> None:
    """Somebody who returns within the minute stops the clock of the empty room."""
    meeting_id = meeting_of(frozen, recording)
    frozen.leave(meeting_id)
    frozen.advance(59)
    frozen.join(meeting_id)
    frozen.advance(120)
    assert api.shown(recording)["status"] == "RECORDING"


def test_leaving_twice_starts_the_clock_again(api: Api, frozen: Control, recording: str) -> None:
    """The minute counts from the last time the room became empty."""
    meeting_id = meeting_of(frozen, recording)
    frozen.leave(meeting_id)
    frozen.advance(40)
    frozen.join(meeting_id)
    frozen.advance(1)
    frozen.leave(meeting_id)
    frozen.advance(40)
    assert api.shown(recording)["status"] == "RECORDING"
    frozen.advance(21)
    assert api.shown(recording)["status"] == "UPLOADING"


def test_the_end_of_the_session_ends_the_recording(
    api: Api, frozen: Control, recording: str
) -> None:
    """No session, no recording."""
    frozen.advance(20)
    frozen.end_session(meeting_of(frozen, recording))
    assert api.shown(recording)["stop_reason"]["reason"] == "ALL_PEERS_LEFT"


def test_a_meeting_without_people_cannot_be_recorded(api: Api, frozen: Control) -> None:
    """Neither one that was never attended nor one that everybody has left."""
    meeting = frozen.create_meeting()
    assert api.start(meeting.id).status_code == 409
    frozen.join(meeting.id)
    frozen.leave(meeting.id)
    assert api.start(meeting.id).status_code == 409
    assert frozen.recordings() == []


def test_an_unknown_meeting_is_not_found(api: Api) -> None:
    """A start for a meeting that does not exist is a 404."""
    response = api.start("unknown")
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "Meeting not found"


def test_a_meeting_has_one_active_recording(api: Api, frozen: Control, recording: str) -> None:
    """A second start is refused until the first recording has ended."""
    meeting_id = meeting_of(frozen, recording)
    assert api.start(meeting_id).status_code == 409
    frozen.set(conflict_status=422)
    assert api.start(meeting_id).status_code == 422
    frozen.advance(10)
    api.act(recording, "stop")
    assert api.start(meeting_id).status_code == 200


@pytest.mark.parametrize("action", ["pause", "resume", "stop"])
def test_an_action_is_not_repeated(api: Api, frozen: Control, recording: str, action: str) -> None:
    """What is done already is a conflict, or nothing at all where that is chosen."""
    frozen.advance(10)
    if action == "stop":
        api.act(recording, "stop")
    elif action == "pause":
        api.act(recording, "pause")
    refused = api.act(recording, action)
    assert refused.status_code == 409
    frozen.set(repeated_action="accept")
    assert api.act(recording, action).status_code == 200


def test_a_second_start_is_refused_unless_accepted(
    api: Api, frozen: Control, recording: str
) -> None:
    """An API that accepts it shows whether a client is safe by itself."""
    meeting_id = frozen.recording(recording).meeting_id
    assert api.start(meeting_id).status_code == 409
    frozen.set(second_start="accept")
    assert api.start(meeting_id).status_code == 200
    assert [one.status for one in frozen.recordings(meeting_id)] == ["INVOKED"] * 2


def test_a_recording_that_has_not_begun_can_be_stopped_unless_refused(
    api: Api, frozen: Control, recording: str
) -> None:
    """Stopping an INVOKED recording is a matter of the setting, and leaves nothing."""
    frozen.set(stop_while_invoked="refuse")
    assert api.act(recording, "stop").status_code == 409
    frozen.set(stop_while_invoked="accept")
    assert api.act(recording, "stop").json()["data"]["status"] == "ERRORED"


def test_a_recording_that_has_not_begun_cannot_be_paused(api: Api, recording: str) -> None:
    """There is nothing to pause yet."""
    assert api.act(recording, "pause").status_code == 409


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, '"action" is required'),
        ({"action": "delete"}, '"action" must be one of [pause, resume, stop]'),
        ({"action": "stop", "force": True}, '"force" is not allowed'),
    ],
)
def test_an_action_is_one_of_three(
    api: Api, recording: str, body: dict[str, object], text: str
) -> None:
    """Nothing but pause, resume and stop is understood."""
    response = api.call("PUT", f"recordings/{recording}", json=body)
    assert response.status_code == 422
    assert response.json()["error"]["message"] == text


def test_a_recording_cannot_be_deleted(api: Api, recording: str) -> None:
    """There is no DELETE for recordings."""
    assert api.call("DELETE", f"recordings/{recording}").status_code == 405


def test_scaled_time_shortens_the_wait(api: Api, control: Control) -> None:
    """At a thousand seconds a second, half a minute is over at once."""
    control.set(invoked_seconds=30.0)
    recording = api.started(control.create_meeting(participants=1).id)
    control.scale_time(1000)
    state = control.wait_for(recording, "RECORDING", timeout=2)
    assert state.started_time == pytest.approx(state.invoked_time + 30)
