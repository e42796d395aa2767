"""Cloudflare's own SDK works with the emulator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import cloudflare
import pytest
from cloudflare import Cloudflare

from realtimekit_emulator import Control, EmulatorServer
from tests.emulator.api_client import ApiClient

OUTPUTS = {"layers": {"default": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}}}


@pytest.fixture
def ids(emulator: EmulatorServer) -> dict[str, Any]:
    """Return the two ids that every call of the SDK takes."""
    return {"account_id": emulator.account_id, "app_id": emulator.app_id}


def test_the_sdk_starts_a_track_recording(
    sdk: Cloudflare, control: Control, ids: dict[str, Any]
) -> None:
    """The SDK's body plus the outputs of the reference start a recording, nested in data."""
    control.set(start_answer="nested")
    meeting = control.create_meeting(participants=1)
    response = sdk.realtime_kit.recordings.start_track_recording(
        meeting_id=meeting.id, extra_body=OUTPUTS, **ids
    )
    assert response.success
    assert response.data is not None
    assert response.data.recording.status == "INVOKED"
    assert control.recordings()[0].id == response.data.recording.id


def test_the_sdk_starts_in_the_published_shape(
    sdk: Cloudflare, control: Control, ids: dict[str, Any]
) -> None:
    """The SDK's own body is accepted in the published shape."""
    control.set(body_shape="published", start_answer="nested")
    meeting = control.create_meeting(participants=1)
    sdk.realtime_kit.recordings.start_track_recording(
        meeting_id=meeting.id,
        layers={"voices": {"media_kind": "audio", "file_name_prefix": "standup"}},
        user_ids=["anna", "ben"],
        **ids,
    )
    recording = control.recordings()[0]
    assert recording.user_ids == ["anna", "ben"]
    assert recording.layers["voices"]["media_kind"] == "audio"


def test_the_sdk_pauses_resumes_and_stops(
    sdk: Cloudflare, api: ApiClient, control: Control, ids: dict[str, Any]
) -> None:
    """The response to each action has the new status."""
    recording_id = api.start_recording(control.create_meeting(participants=1).id)
    control.wait_for(recording_id, "RECORDING")
    states = []
    for action in ("pause", "resume", "stop"):
        response = sdk.realtime_kit.recordings.pause_resume_stop_recording(
            recording_id, action=action, **ids
        )
        assert response.data is not None
        states.append(response.data.status)
    assert states == ["PAUSED", "RECORDING", "UPLOADING"]


def test_the_sdk_reads_a_finished_recording(
    sdk: Cloudflare, api: ApiClient, control: Control, ids: dict[str, Any]
) -> None:
    """Times and reasons arrive as the SDK's types."""
    recording_id = api.start_recording(control.create_meeting(participants=1).id)
    api.send_action(recording_id, "stop")
    control.wait_for(recording_id, "UPLOADED")
    data = sdk.realtime_kit.recordings.get_one_recording(recording_id, **ids).data
    assert data is not None
    assert isinstance(data.invoked_time, datetime)
    assert isinstance(data.stopped_time, datetime)
    assert data.output_file_name.endswith(".webm")
    assert data.start_reason is not None
    assert data.start_reason.caller is not None
    assert data.start_reason.caller.user_id
    assert data.stop_reason is not None
    assert data.stop_reason.reason == "API_CALL"


def test_the_sdk_lists_page_by_page(
    sdk: Cloudflare, api: ApiClient, control: Control, ids: dict[str, Any]
) -> None:
    """Three recordings on pages of two are two pages, newest first."""
    started = [api.start_recording(control.create_meeting(participants=1).id) for _ in range(3)]
    listed = sdk.realtime_kit.recordings.get_recordings
    first = listed(page_no=1, per_page=2, **ids)
    second = listed(page_no=2, per_page=2, **ids)
    assert [one.id for one in first.data + second.data] == started[::-1]
    assert first.paging.total_count == 3
    assert (second.paging.start_offset, second.paging.end_offset) == (3, 3)


def test_the_sdk_filters_a_list(
    sdk: Cloudflare, api: ApiClient, control: Control, ids: dict[str, Any]
) -> None:
    """Meeting, several statuses, and times narrow a list down."""
    wanted, other = (control.create_meeting(participants=1) for _ in range(2))
    recording_id = api.start_recording(wanted.id)
    api.start_recording(other.id)
    invoked = sdk.realtime_kit.recordings.get_one_recording(recording_id, **ids).data
    assert invoked is not None
    response = sdk.realtime_kit.recordings.get_recordings(
        meeting_id=wanted.id,
        status=["INVOKED", "RECORDING"],
        start_time=invoked.invoked_time,
        sort_by="invokedTime",
        sort_order="ASC",
        **ids,
    )
    assert [one.id for one in response.data] == [recording_id]
    assert response.data[0].meeting is not None
    assert response.data[0].meeting.id == wanted.id


def test_the_sdk_finds_the_active_recording(
    sdk: Cloudflare, api: ApiClient, control: Control, ids: dict[str, Any]
) -> None:
    """The active recording is found while it lasts, and is a 404 afterwards."""
    meeting = control.create_meeting(participants=1)
    recording_id = api.start_recording(meeting.id)
    active = sdk.realtime_kit.recordings.get_active_recordings
    assert active(meeting.id, **ids).data.id == recording_id
    api.send_action(recording_id, "stop")
    with pytest.raises(cloudflare.NotFoundError):
        active(meeting.id, **ids)


def test_the_sdk_manages_meetings(sdk: Cloudflare, ids: dict[str, Any]) -> None:
    """Meetings are created, read, changed and listed."""
    meetings = sdk.realtime_kit.meetings
    created = meetings.create(title="standup", persist_chat=True, **ids).data
    assert created is not None
    meetings.update_meeting_by_id(created.id, title="retro", **ids)
    read = meetings.get_meeting_by_id(created.id, **ids).data
    assert read is not None
    assert (read.title, read.persist_chat, read.status) == ("retro", True, "ACTIVE")
    listed = meetings.get(search="RETRO", **ids)
    assert [one.id for one in listed.data] == [created.id]
    assert listed.paging.total_count == 1


def test_the_sdk_invites_participants(sdk: Cloudflare, ids: dict[str, Any]) -> None:
    """Participants get a token, are listed, and can be removed."""
    meetings = sdk.realtime_kit.meetings
    meeting = meetings.create(**ids).data
    assert meeting is not None
    added = meetings.add_participant(
        meeting.id, custom_participant_id="anna", preset_name="host", **ids
    ).data
    assert added is not None
    assert added.token
    listed = meetings.get_meeting_participants(meeting.id, **ids).data
    assert [one.id for one in listed or []] == [added.id]
    meetings.delete_meeting_participant(added.id, meeting_id=meeting.id, **ids)
    assert meetings.get_meeting_participants(meeting.id, **ids).data == []


def test_the_sdk_sees_sessions(sdk: Cloudflare, control: Control, ids: dict[str, Any]) -> None:
    """A session is live while somebody is in the meeting, and ended afterwards."""
    meeting = control.create_meeting(participants=2)
    live = sdk.realtime_kit.active_session.get_active_session(meeting.id, **ids).data
    assert live is not None
    assert (live.status, live.live_participants, live.associated_id) == ("LIVE", 2, meeting.id)
    control.end_session(meeting.id)
    with pytest.raises(cloudflare.NotFoundError):
        sdk.realtime_kit.active_session.get_active_session(meeting.id, **ids)
    ended = sdk.realtime_kit.sessions.get_session_details(live.id, **ids).data
    assert ended is not None
    assert ended.status == "ENDED"
    listed = sdk.realtime_kit.sessions.get_sessions(associated_id=meeting.id, **ids).data
    assert listed is not None
    assert [one.id for one in listed.sessions or []] == [live.id]
    present = sdk.realtime_kit.sessions.get_session_participants(live.id, **ids).data
    assert present is not None
    assert len(present.participants or []) == 2


def test_the_sdk_kicks_everybody(sdk: Cloudflare, control: Control, ids: dict[str, Any]) -> None:
    """Kicking all empties the meeting."""
    meeting = control.create_meeting(participants=3)
    response = sdk.realtime_kit.active_session.kick_all_participants(meeting.id, **ids).data
    assert response is not None
    assert response.kicked_participants_count == 3
    assert control.meeting(meeting.id).participants == []


def test_the_sdk_reads_both_error_envelopes(
    sdk: Cloudflare, control: Control, ids: dict[str, Any]
) -> None:
    """The SDK finds its errors in Cloudflare's envelope."""
    control.set(error_envelope="cloudflare")
    with pytest.raises(cloudflare.NotFoundError) as caught:
        sdk.realtime_kit.recordings.get_one_recording("unknown", **ids)
    assert caught.value.errors[0].message == "Recording not found"
    control.set(error_envelope="realtimekit")
    with pytest.raises(cloudflare.NotFoundError) as caught:
        sdk.realtime_kit.recordings.get_one_recording("unknown", **ids)
    assert caught.value.body == {
        "success": False,
        "error": {"code": 404, "message": "Recording not found"},
    }


def test_a_wrong_token_is_the_sdks_authentication_error(
    emulator: EmulatorServer, ids: dict[str, Any]
) -> None:
    """An unknown token is a 401, one without the permission a 403."""
    with cloudflare.Cloudflare(
        api_token="canary-unknown", base_url=emulator.base_url, max_retries=0
    ) as client:
        with pytest.raises(cloudflare.AuthenticationError):
            client.realtime_kit.recordings.get_recordings(**ids)
        emulator.control.set_token("canary-unknown", "forbidden")
        with pytest.raises(cloudflare.PermissionDeniedError):
            client.realtime_kit.recordings.get_recordings(**ids)
