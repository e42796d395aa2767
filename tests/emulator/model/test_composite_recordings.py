"""Composite recordings: one file of everything that happens in a meeting."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from realtimekit_emulator import Control, ControlError
from tests.emulator.api_client import ApiClient


def find_active(api: ApiClient, meeting_id: str) -> dict[str, Any]:
    """Return the active recording of a meeting."""
    data: dict[str, Any] = api.get(f"recordings/active-recording/{meeting_id}").json()["data"]
    return data


def finish_composite(api: ApiClient, control: Control, **options: Any) -> dict[str, Any]:
    """Return what the API shows of an uploaded composite recording."""
    meeting = control.create_meeting(participants=1)
    recording_id = control.start_recording(meeting.id, type="COMPOSITE", **options)
    control.end_session(meeting.id)
    control.wait_for(recording_id, "UPLOADED")
    return api.get_recording(recording_id)


def test_a_meeting_may_be_recorded_from_the_start(api: ApiClient, control: Control) -> None:
    """Each of its sessions begins with a composite recording, which has an end of its own."""
    meeting = control.create_meeting(record_on_start=True)
    assert control.recordings(meeting.id) == []
    for number in (1, 2):
        control.join(meeting.id)
        control.join(meeting.id)
        recordings = control.recordings(meeting.id)
        assert [one.start_reason for one in recordings] == ["RECORD_ON_START"] * number
        assert find_active(api, meeting.id)["id"] == recordings[-1].id
        control.end_session(meeting.id)
    assert {one.type for one in control.recordings()} == {"COMPOSITE"}


def test_recording_from_the_start_is_a_setting_of_the_meeting(
    api: ApiClient, control: Control
) -> None:
    """The API can set it too; the codec decides about the file, the prefix about its name."""
    config = {"file_name_prefix": "town_hall", "video_config": {"codec": "VP9"}}
    body = {"record_on_start": True, "recording_config": config}
    meeting_id = api.send("POST", "meetings", json=body).json()["data"]["id"]
    control.join(meeting_id)
    name = find_active(api, meeting_id)["output_file_name"]
    assert name.startswith("town_hall_")
    assert name.endswith(".webm")


@pytest.mark.parametrize("file_format", ["mp4", "webm"])
def test_a_composite_recording_has_one_file(
    api: ApiClient, control: Control, file_format: str
) -> None:
    """One link instead of a link for each layer, and the size of the file behind it."""
    recording = finish_composite(api, control, file_format=file_format)
    assert recording["output_file_name"].endswith(f".{file_format}")
    response = requests.get(recording["download_url"], timeout=5)
    assert response.headers["Content-Type"] == f"video/{file_format}"
    assert len(response.content) == recording["file_size"] > 0
    is_mp4 = response.content[4:8] == b"ftyp"
    assert is_mp4 == (file_format == "mp4")


@pytest.mark.parametrize(
    ("setting", "types"),
    [
        ("composite", ["COMPOSITE", ""]),
        ("all", ["COMPOSITE", "TRACK"]),
        ("none", ["", ""]),
    ],
)
def test_lists_tell_the_type_of_some_recordings(
    api: ApiClient, control: Control, setting: str, types: list[str]
) -> None:
    """The others have an empty one there, and none in any other response."""
    control.set(recording_type=setting)
    api.start_recording(control.create_meeting(participants=1).id)
    control.start_recording(control.create_meeting(participants=1).id, type="COMPOSITE")
    entries = api.get("recordings").json()["data"]
    assert [entry["type"] for entry in entries] == types
    for entry in entries:
        assert api.get_recording(entry["id"]).get("type", "") == entry["type"]
        assert find_active(api, entry["meeting"]["id"]).get("type", "") == entry["type"]


def test_a_composite_recording_is_the_only_one_of_its_meeting(
    api: ApiClient, control: Control
) -> None:
    """A track recording starts once it has ended."""
    meeting = control.create_meeting(participants=1)
    recording_id = control.start_recording(meeting.id, type="COMPOSITE")
    assert api.send_start(meeting.id).status_code == 409
    assert api.send_action(recording_id, "stop").status_code == 200
    assert api.send_start(meeting.id).status_code == 200
    with pytest.raises(ControlError, match="already in progress"):
        control.start_recording(meeting.id, type="COMPOSITE")


def test_recordings_of_both_types_may_run_at_once(api: ApiClient, control: Control) -> None:
    """A setting accepts one of each, and still no second one of either."""
    control.set(both_types="accept")
    meeting = control.create_meeting(participants=1)
    composite = control.start_recording(meeting.id, type="COMPOSITE")
    assert find_active(api, meeting.id)["id"] == composite
    track = api.start_recording(meeting.id)
    assert find_active(api, meeting.id)["id"] == track
    assert api.send_start(meeting.id).status_code == 409
    with pytest.raises(ControlError, match="already in progress"):
        control.start_recording(meeting.id, type="COMPOSITE")


@pytest.mark.parametrize("options", [{"type": "MIXED"}, {"type": "COMPOSITE", "file_format": "x"}])
def test_an_unknown_type_or_format_is_refused(control: Control, options: dict[str, str]) -> None:
    """With the words that are known."""
    meeting = control.create_meeting(participants=1)
    with pytest.raises(ControlError, match="must be one of"):
        control.start_recording(meeting.id, **options)
