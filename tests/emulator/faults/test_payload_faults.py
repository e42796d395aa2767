"""Faults that change what a response says."""

from __future__ import annotations

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient


def test_an_id_may_be_missing(api: ApiClient, control: Control) -> None:
    """The recording is started, and the response does not have its id."""
    control.add_fault("missing_id")
    data = api.send_start(control.create_meeting(participants=1).id).json()["data"]
    assert "id" not in data
    assert data["status"] == "INVOKED"
    control.set(start_answer="nested")
    data = api.send_start(control.create_meeting(participants=1).id).json()["data"]
    assert "id" not in data["recording"]
    assert all("id" not in entry for entry in api.get("recordings").json()["data"])


def test_fields_may_be_null(api: ApiClient, control: Control, recording: str) -> None:
    """All but the id, or those that are named."""
    fault = control.add_fault("null_fields")
    data = api.get_recording(recording)
    assert data.pop("id") == recording
    assert set(data.values()) == {None}
    fault.remove()
    control.add_fault("null_fields", fields=["status", "id"])
    data = api.get_recording(recording)
    assert (data["status"], data["id"]) == (None, None)
    assert data["invoked_time"]


def test_a_status_may_be_unknown(api: ApiClient, control: Control, recording: str) -> None:
    """In the response; the recording itself keeps its status."""
    control.add_fault("unknown_status", value="NAPPING")
    assert api.get_recording(recording)["status"] == "NAPPING"
    assert api.get("recordings").json()["data"][0]["status"] == "NAPPING"
    assert control.recording(recording).status == "RECORDING"


def test_fields_may_be_unknown(api: ApiClient, control: Control, recording: str) -> None:
    """Texts, objects and lists beside the known fields."""
    control.add_fault("extra_fields")
    data = api.get_recording(recording)
    assert {type(data[key]) for key in ("x_text", "x_object", "x_list")} == {str, dict, list}
    assert data["id"] == recording


def test_an_error_response_is_not_changed(api: ApiClient, control: Control) -> None:
    """Only successes show recordings."""
    control.add_fault("extra_fields")
    assert set(api.get("recordings/unknown").json()) == {"success", "error"}


def test_several_faults_affect_one_response(
    api: ApiClient, control: Control, recording: str
) -> None:
    """All of them change it."""
    control.add_fault("extra_fields")
    control.add_fault("unknown_status", value="NAPPING")
    control.add_fault("missing_id")
    data = api.get_recording(recording)
    assert (data["status"], data["x_text"]) == ("NAPPING", "unknown")
    assert "id" not in data
