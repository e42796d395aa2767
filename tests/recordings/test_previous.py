"""The recording that another one replaced: what is remembered of it, and from where."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.recording_registry import LastRecording
from realtimekit_provider.recordings.create import create_recording
from realtimekit_provider.recordings.delete import delete_recording
from realtimekit_provider.recordings.outputs import PreviousRecording, RecordingOutputs
from realtimekit_provider.recordings.stored import StoredRecording
from tests.example_values import (
    ACCOUNT,
    APP,
    MARK,
    URN,
    build_recording,
    build_recording_inputs,
    build_state,
    build_stored,
)
from tests.fakes import FakePorts, make_lost_response, make_not_found, make_rejection

ENDED: dict[str, Any] = {
    "stopped_time": "2026-07-01T12:31:00Z",
    "recording_duration": 1860,
    "output_file_name": "standup.webm",
}
STARTED = build_recording("rec-2", "INVOKED")


def fake_after(last: LastRecording | None, **scripts: Any) -> FakePorts:
    """Return the ports of a start that follows another recording of the resource."""
    fake = FakePorts(start=[STARTED], **scripts)
    if last is not None:
        fake.registry.recordings.register_last(URN, last)
    return fake


def make_last(status: str, app: tuple[str, str] = (ACCOUNT, APP), **fields: Any) -> LastRecording:
    """Return what a diff or a delete noted of ``rec-1``."""
    return LastRecording(app, build_recording("rec-1", status, **fields), has_own_storage=True)


def test_a_recording_remembers_the_one_that_it_replaced() -> None:
    """It is asked once what it has become, and the row and the output say it."""
    fake = fake_after(make_last("RECORDING"), get=[build_recording("rec-1", "UPLOADED", **ENDED)])
    outputs = create_recording(build_recording_inputs(), fake.ports).outputs
    assert outputs.to_props()["previous"] == {"id": "rec-1", "status": "UPLOADED", **ENDED}
    assert fake.recordings.calls == ["get rec-1", "get_active", "start"]
    (notice,) = fake.reporter.notices
    assert notice == ("replaces recording rec-1: recorded 31 min, UPLOADED, file standup.webm")


@pytest.mark.parametrize("status", ["UPLOADED", "ERRORED", "GONE"])
def test_a_recording_that_cannot_change_is_not_asked_again(status: str) -> None:
    """The state has it."""
    fake = fake_after(make_last(status, **ENDED))
    outputs = create_recording(build_recording_inputs(), fake.ports).outputs
    assert outputs.previous == PreviousRecording("rec-1", status, **ENDED)
    assert fake.recordings.calls == ["get_active", "start"]


def test_a_recording_of_another_app_is_not_asked_in_this_one() -> None:
    """There it would count as gone."""
    fake = fake_after(make_last("UPLOADING", app=(ACCOUNT, "another")))
    outputs = create_recording(build_recording_inputs(), fake.ports).outputs
    assert outputs.previous == PreviousRecording("rec-1", "UPLOADING")
    assert fake.recordings.calls == ["get_active", "start"]


@pytest.mark.parametrize("error", [make_rejection(), make_lost_response()])
def test_a_question_that_fails_keeps_no_recording_from_its_start(error: Exception) -> None:
    """What was noted is remembered."""
    fake = fake_after(make_last("UPLOADING", **ENDED), get=[error])
    outputs = create_recording(build_recording_inputs(), fake.ports).outputs
    assert outputs.previous == PreviousRecording("rec-1", "UPLOADING", **ENDED)


@pytest.mark.parametrize("found", [make_not_found(), build_recording("rec-1", "ERRORED")])
def test_a_replaced_recording_whose_files_were_lost_is_warned_of(found: Any) -> None:
    """The first to see it is the start of the next one."""
    fake = fake_after(make_last("UPLOADING"), get=[found])
    create_recording(build_recording_inputs(), fake.ports)
    assert "rec-1" in fake.reporter.warnings[0]


def test_a_first_recording_has_no_previous_one() -> None:
    """Nor does one that is taken over again: the state has not a byte more, the API no call."""
    fake = fake_after(None)
    created = create_recording(build_recording_inputs(), fake.ports)
    assert "previous" not in created.outputs.to_props()
    own = build_recording("rec-1", "RECORDING", output_file_name=f"standup_{MARK}.webm")
    fake = fake_after(make_last("RECORDING"), get=[own], get_active=[own])
    assert create_recording(build_recording_inputs(), fake.ports).outputs.previous is None


def test_the_answer_to_a_stop_is_remembered() -> None:
    """Beside what the state knew: answers leave things out."""
    fake = FakePorts(send_action=[build_recording("rec-1", "UPLOADING", recording_duration=1860)])
    state = {**build_state(), "output_file_name": "standup.webm"}
    delete_recording(StoredRecording.from_props("rec-1", state), fake.ports)
    last = fake.registry.recordings.find_last(URN)
    assert last is not None
    assert PreviousRecording.from_recording(last.recording) == PreviousRecording(
        "rec-1", "UPLOADING", recording_duration=1860, output_file_name="standup.webm"
    )


def test_a_placeholder_hands_on_what_it_remembers() -> None:
    """A recording, an empty room, another recording: the second follows the first."""
    previous = PreviousRecording("rec-0", "UPLOADED", **ENDED)
    state = {
        **build_state("NO_SESSION"),
        **RecordingOutputs("NO_SESSION", previous=previous).to_props(),
    }
    last = StoredRecording.from_props(f"nothing-started-{MARK}", state).last
    assert last is not None
    assert PreviousRecording.from_recording(last.recording) == previous
    assert build_stored("NO_SESSION", f"nothing-started-{MARK}").last is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min"), (1860, "31 min"), (4320, "1 h 12 min")],
)
def test_a_length_is_written_in_words(seconds: float, text: str) -> None:
    """Seconds, minutes, hours; nothing where it is unknown."""
    previous = PreviousRecording("rec-1", "UPLOADED", recording_duration=seconds)
    assert previous.describe() == f"recorded {text}, UPLOADED"
    assert PreviousRecording("rec-1", "UPLOADED").describe() == "UPLOADED"
