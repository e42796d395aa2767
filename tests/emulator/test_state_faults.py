"""Faults that tell wrongly, look back in time, or change the world."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

from realtimekit_emulator.model.clock import iso

if TYPE_CHECKING:
    from realtimekit_emulator import Control

    from .conftest import Api


@pytest.fixture
def recording(api: Api, frozen: Control) -> str:
    """Return a recording that has run for ten seconds."""
    frozen.set(invoked_seconds=1.0, upload_seconds=1.0)
    recording_id = api.started(frozen.create_meeting(participants=1).id)
    frozen.advance(11)
    return recording_id


def test_an_id_may_be_missing(api: Api, control: Control) -> None:
    """The start is done, and the answer does not name it, wherever the id would be."""
    control.add_fault("missing_id")
    data = api.start(control.create_meeting(participants=1).id).json()["data"]
    assert "id" not in data
    assert data["status"] == "INVOKED"
    control.set(start_answer="nested")
    data = api.start(control.create_meeting(participants=1).id).json()["data"]
    assert "id" not in data["recording"]
    assert all("id" not in entry for entry in api.get("recordings").json()["data"])


def test_fields_may_be_null(api: Api, control: Control, recording: str) -> None:
    """All but the id, or those that are named."""
    fault = control.add_fault("null_fields")
    shown = api.shown(recording)
    assert shown.pop("id") == recording
    assert set(shown.values()) == {None}
    fault.remove()
    control.add_fault("null_fields", fields=["status", "id"])
    shown = api.shown(recording)
    assert (shown["status"], shown["id"]) == (None, None)
    assert shown["invoked_time"]


def test_a_status_may_be_unheard_of(api: Api, control: Control, recording: str) -> None:
    """The answer lies; the recording itself goes on as before."""
    control.add_fault("unknown_status", value="NAPPING")
    assert api.shown(recording)["status"] == "NAPPING"
    assert api.get("recordings").json()["data"][0]["status"] == "NAPPING"
    assert control.recording(recording).status == "RECORDING"


def test_fields_may_be_unheard_of(api: Api, control: Control, recording: str) -> None:
    """Text, objects and lists come along with what is known."""
    control.add_fault("extra_fields")
    shown = api.shown(recording)
    assert {type(shown[key]) for key in ("x_text", "x_object", "x_list")} == {str, dict, list}
    assert shown["id"] == recording


def test_an_error_is_not_distorted(api: Api, control: Control) -> None:
    """Only successes show things."""
    control.add_fault("extra_fields")
    assert set(api.get("recordings/unknown").json()) == {"success", "error"}


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_the_clock_may_be_wrong(api: Api, control: Control, recording: str, seconds: float) -> None:
    """Date header and timestamps together, for the calls that are struck or for all."""
    before = api.get(f"recordings/{recording}")
    control.add_fault("clock_skew", seconds=seconds, nth=1)
    skewed = api.get(f"recordings/{recording}")
    dates = [parsedate_to_datetime(one.headers["Date"]).timestamp() for one in (before, skewed)]
    stamps = [moment(one.json()["data"]["invoked_time"]) for one in (before, skewed)]
    assert dates[1] - dates[0] == pytest.approx(seconds, abs=1)
    assert stamps[1] - stamps[0] == pytest.approx(seconds)
    control.set(clock_skew_seconds=seconds)
    assert api.shown(recording)["invoked_time"] == skewed.json()["data"]["invoked_time"]


def moment(text: str) -> float:
    """Read a timestamp of the API."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def test_a_list_may_lag(api: Api, frozen: Control) -> None:
    """A new recording is not in the list until the lag has passed."""
    frozen.add_fault("lag", route="list_recordings", seconds=5)
    recording_id = api.started(frozen.create_meeting(participants=1).id)
    assert api.get("recordings").json() == {
        "success": True,
        "data": [],
        "paging": {"total_count": 0, "start_offset": 0, "end_offset": 0},
    }
    assert api.shown(recording_id)["id"] == recording_id
    frozen.advance(5.1)
    assert [one["id"] for one in api.get("recordings").json()["data"]] == [recording_id]


def test_a_lagging_list_shows_old_states(api: Api, frozen: Control, recording: str) -> None:
    """What has ended still runs there, without the times of its end, under every filter."""
    api.act(recording, "stop")
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
def test_a_lagging_list_keeps_to_its_range(
    api: Api, frozen: Control, recording: str, later: float, total: int
) -> None:
    """The range narrows the old view, and does not make it younger."""
    frozen.add_fault("lag", route="list_recordings", seconds=5)
    end = frozen.recording(recording).invoked_time + later
    api.started(frozen.create_meeting(participants=1).id)
    paging = api.get("recordings", params={"end_time": iso(end)}).json()["paging"]
    assert paging["total_count"] == total


def test_the_question_for_the_active_recording_may_lag(api: Api, frozen: Control) -> None:
    """Both ways: a new recording is not seen yet, one that has ended is still seen."""
    meeting = frozen.create_meeting(participants=1)
    path = f"recordings/active-recording/{meeting.id}"
    frozen.add_fault("lag", route="active_recording", seconds=5)
    recording_id = api.started(meeting.id)
    assert api.get(path).status_code == 404
    frozen.advance(6)
    assert api.get(path).json()["data"]["id"] == recording_id
    api.act(recording_id, "stop")
    still = api.get(path).json()["data"]
    assert (still["id"], still["status"], still["stopped_time"]) == (
        recording_id,
        "RECORDING",
        None,
    )
    frozen.advance(6)
    assert api.get(path).status_code == 404


def test_a_lag_does_not_blur_what_changes(api: Api, frozen: Control) -> None:
    """Starting and stopping tell the truth even where reading lags."""
    frozen.add_fault("lag", seconds=5)
    data = api.start(frozen.create_meeting(participants=1).id).json()["data"]
    assert data["status"] == "INVOKED"
    assert api.act(data["id"], "stop").json()["data"]["status"] == "UPLOADING"
    assert api.get(f"recordings/{data['id']}").status_code == 404


@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED"])
def test_a_recording_may_end_between_two_calls(
    api: Api, control: Control, recording: str, status: str
) -> None:
    """Right after a call that still saw it running."""
    control.add_fault("end_recording", route="get_recording", nth=2, status=status)
    seen = [api.shown(recording)["status"] for _ in range(3)]
    assert seen == ["RECORDING", "RECORDING", status]


def test_a_recording_may_end_before_the_calls_own_effect(
    api: Api, control: Control, recording: str
) -> None:
    """The pause comes too late."""
    control.add_fault("end_recording", route="act_on_recording", effect="before")
    assert api.act(recording, "pause").status_code == 409
    assert control.recording(recording).status == "UPLOADING"


def test_a_recording_ends_by_itself_once(api: Api, control: Control, recording: str) -> None:
    """What has ended stays so: its file is not on its way a second time."""
    control.add_fault("end_recording", route="get_recording")
    control.force(recording, "UPLOADED")
    api.shown(recording)
    assert control.recording(recording).status == "UPLOADED"


def test_the_recording_that_a_call_is_about_ends(api: Api, control: Control) -> None:
    """Named by the path, by its meeting, or as the one that was started last."""
    meetings = [control.create_meeting(participants=1) for _ in range(3)]
    ids = [api.started(meeting.id) for meeting in meetings]
    calls: list[dict[str, Any]] = [
        {"path": f"recordings/active-recording/{meetings[1].id}"},
        {"path": "recordings"},
        {"path": f"recordings/{ids[0]}"},
    ]
    control.add_fault("end_recording", status="ERRORED")
    ended = []
    for call in calls:
        api.get(**call)
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
    api: Api, control: Control, options: dict[str, Any], statuses: list[int]
) -> None:
    """From one call on, or from the next one on."""
    control.add_fault("revoke_token", **options)
    assert [api.get("recordings").status_code for _ in range(3)] == statuses


def test_several_faults_strike_together(api: Api, control: Control, recording: str) -> None:
    """Each adds its own to the same answer."""
    control.add_fault("extra_fields")
    control.add_fault("unknown_status", value="NAPPING")
    control.add_fault("missing_id")
    shown = api.shown(recording)
    assert (shown["status"], shown["x_text"]) == ("NAPPING", "unheard of")
    assert "id" not in shown
