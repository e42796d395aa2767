"""Faults that change the state, or how old and how accurate the view of it is."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from realtimekit_emulator import Control
from realtimekit_emulator.model.clock import format_iso
from tests.emulator.api_client import ApiClient


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_the_clock_may_be_wrong(
    api: ApiClient, control: Control, recording: str, seconds: float
) -> None:
    """Date header and timestamps together, for the affected requests or for all."""
    before = api.get(f"recordings/{recording}")
    control.add_fault("clock_skew", seconds=seconds, nth=1)
    skewed = api.get(f"recordings/{recording}")
    dates = [parsedate_to_datetime(one.headers["Date"]).timestamp() for one in (before, skewed)]
    stamps = [parse_time(one.json()["data"]["invoked_time"]) for one in (before, skewed)]
    assert dates[1] - dates[0] == pytest.approx(seconds, abs=1)
    assert stamps[1] - stamps[0] == pytest.approx(seconds)
    control.set(clock_skew_seconds=seconds)
    assert api.get_recording(recording)["invoked_time"] == skewed.json()["data"]["invoked_time"]


def parse_time(text: str) -> float:
    """Read a timestamp of the API."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def test_a_list_may_lag(api: ApiClient, frozen: Control) -> None:
    """A new recording is not in the list until the lag has passed."""
    frozen.add_fault("lag", route="list_recordings", seconds=5)
    recording_id = api.start_recording(frozen.create_meeting(participants=1).id)
    assert api.get("recordings").json() == {
        "success": True,
        "data": [],
        "paging": {"total_count": 0, "start_offset": 0, "end_offset": 0},
    }
    assert api.get_recording(recording_id)["id"] == recording_id
    frozen.advance(5.1)
    assert [one["id"] for one in api.get("recordings").json()["data"]] == [recording_id]


def test_a_lagging_list_shows_old_states(api: ApiClient, frozen: Control, recording: str) -> None:
    """An ended recording still runs there, without a stopped_time, with every filter."""
    api.send_action(recording, "stop")
    frozen.advance(2)
    frozen.add_fault("lag", route="list_recordings", seconds=5)
    entry = api.get("recordings").json()["data"][0]
    assert (entry["status"], entry["stopped_time"]) == ("RECORDING", None)
    assert entry["download_url"] is None
    for status, total in (("RECORDING", 1), ("UPLOADED", 0)):
        query = {"status": status}
        paging = api.get("recordings", params=query).json()["paging"]
        assert paging["total_count"] == total


@pytest.mark.parametrize(("later", "total"), [(3600, 1), (-3600, 0)])
def test_a_lagging_list_has_its_range(
    api: ApiClient, frozen: Control, recording: str, later: float, total: int
) -> None:
    """The range narrows the old view, and does not make it younger."""
    frozen.add_fault("lag", route="list_recordings", seconds=5)
    end = frozen.recording(recording).invoked_time + later
    api.start_recording(frozen.create_meeting(participants=1).id)
    paging = api.get("recordings", params={"end_time": format_iso(end)}).json()["paging"]
    assert paging["total_count"] == total


def test_reading_the_active_recording_may_lag(api: ApiClient, frozen: Control) -> None:
    """Both ways: a new recording is not seen yet, one that has ended is still seen."""
    meeting = frozen.create_meeting(participants=1)
    path = f"recordings/active-recording/{meeting.id}"
    frozen.add_fault("lag", route="active_recording", seconds=5)
    recording_id = api.start_recording(meeting.id)
    assert api.get(path).status_code == 404
    frozen.advance(6)
    assert api.get(path).json()["data"]["id"] == recording_id
    api.send_action(recording_id, "stop")
    still = api.get(path).json()["data"]
    assert (still["id"], still["status"], still["stopped_time"]) == (
        recording_id,
        "RECORDING",
        None,
    )
    frozen.advance(6)
    assert api.get(path).status_code == 404


def test_a_lag_does_not_affect_changes(api: ApiClient, frozen: Control) -> None:
    """Starting and stopping return the present status while reading lags."""
    frozen.add_fault("lag", seconds=5)
    data = api.send_start(frozen.create_meeting(participants=1).id).json()["data"]
    assert data["status"] == "INVOKED"
    assert api.send_action(data["id"], "stop").json()["data"]["status"] == "UPLOADING"
    assert api.get(f"recordings/{data['id']}").status_code == 404


@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED"])
def test_a_recording_may_end_between_two_requests(
    api: ApiClient, control: Control, recording: str, status: str
) -> None:
    """Right after a response that still shows it running."""
    control.add_fault("end_recording", route="get_recording", nth=2, status=status)
    seen = [api.get_recording(recording)["status"] for _ in range(3)]
    assert seen == ["RECORDING", "RECORDING", status]


def test_a_recording_may_end_before_the_request_is_processed(
    api: ApiClient, control: Control, recording: str
) -> None:
    """The pause comes too late."""
    control.add_fault("end_recording", route="act_on_recording", effect="before")
    assert api.send_action(recording, "pause").status_code == 409
    assert control.recording(recording).status == "UPLOADING"


def test_an_ended_recording_does_not_end_again(
    api: ApiClient, control: Control, recording: str
) -> None:
    """Its file is not uploaded a second time."""
    control.add_fault("end_recording", route="get_recording")
    control.force(recording, "UPLOADED")
    api.get_recording(recording)
    assert control.recording(recording).status == "UPLOADED"


def test_the_recording_that_a_request_names_ends(api: ApiClient, control: Control) -> None:
    """Named by the path, by its meeting, or as the one that was started last."""
    meetings = [control.create_meeting(participants=1) for _ in range(3)]
    ids = [api.start_recording(meeting.id) for meeting in meetings]
    requests: list[dict[str, Any]] = [
        {"path": f"recordings/active-recording/{meetings[1].id}"},
        {"path": "recordings"},
        {"path": f"recordings/{ids[0]}"},
    ]
    control.add_fault("end_recording", status="ERRORED")
    ended = []
    for request in requests:
        api.get(**request)
        ended.append([one.status == "ERRORED" for one in control.recordings()])
    assert ended == [[False, True, False], [False, True, True], [True, True, True]]


@pytest.mark.parametrize(
    ("options", "statuses"),
    [
        ({"nth": 2}, [200, 401, 401]),
        ({"nth": 2, "effect": "after"}, [200, 200, 401]),
        ({"nth": 2, "mode": "forbid"}, [200, 403, 403]),
    ],
)
def test_a_token_may_be_revoked_in_the_middle(
    api: ApiClient, control: Control, options: dict[str, Any], statuses: list[int]
) -> None:
    """From one call on, or from the next one on."""
    control.add_fault("revoke_token", **options)
    assert [api.get("recordings").status_code for _ in range(3)] == statuses
