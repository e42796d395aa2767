"""What state keeps of an answer."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from realtimekit_provider.api.models.recording import Recording, ReportedStorage
from realtimekit_provider.api.models.track_request import TrackRequest
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.recordings.outputs import (
    PreviousRecording,
    RecordingOutputs,
    compare_storage,
    outputs_from_recording,
)
from tests.example_values import STORAGE, build_layers, build_recording
from tests.fakes import format_time

ALWAYS = {"status", "invoked_time", "storage_applied", "warning"}
NO_OUTPUTS = {"id", "download_url_expiry", "kind", "meeting_id", "storage_config"}


def build_request(layers: dict[str, Any]) -> TrackRequest:
    return TrackRequest.model_validate({"meeting_id": "m", "layers": layers})


def build_report(**fields: Any) -> ReportedStorage:
    return ReportedStorage.model_validate(fields)


def test_every_field_of_an_answer_is_an_output_or_deliberately_none() -> None:
    """A new field of :class:`Recording` fails here until somebody decides."""
    assert set(Recording.model_fields) - NO_OUTPUTS == set(COMPUTED_OUTPUTS) - {
        "storage_applied",
        "warning",
        "previous",
    }


def test_the_outputs_are_those_that_the_program_declares() -> None:
    """In their order, which the docs follow."""
    assert tuple(one.name for one in fields(RecordingOutputs)) == COMPUTED_OUTPUTS


def test_the_outputs_that_a_reviewer_reads_are_always_present() -> None:
    """Other outputs are left out where they are not known: each byte is written at every step."""
    assert set(outputs_from_recording(build_recording()).to_props()) == ALWAYS
    assert set(RecordingOutputs("NO_SESSION").to_props()) == ALWAYS


def test_the_outputs_of_a_complete_answer_are_small() -> None:
    """Less than a kilobyte even with the longest warning; a third more with a previous one."""
    longest = build_recording(
        "r" * 36,
        session_id="s" * 36,
        output_file_name="f" * 160,
        invoked_time=format_time(0),
        started_time=format_time(0),
        stopped_time=format_time(0),
        recording_duration=86400.123,
        start_reason="RECORD_ON_START",
        stop_reason="ALL_PEERS_LEFT",
    )
    recorded = outputs_from_recording(longest, storage_applied="unknown", warning="w" * 10_000)
    outputs = recorded.to_props()
    assert set(outputs) == set(COMPUTED_OUTPUTS) - {"previous"}
    assert len(json.dumps(outputs, separators=(",", ":"))) < 1024
    replaced = replace(recorded, previous=PreviousRecording.from_recording(longest)).to_props()
    assert set(replaced) == set(COMPUTED_OUTPUTS)
    assert len(json.dumps(replaced, separators=(",", ":"))) < 1400


AWS = STORAGE["aws"]
APPLIED: dict[str, tuple[dict[str, Any], ReportedStorage | None, str]] = {
    "nothing was asked for": ({"default": {}}, None, "yes"),
    "the same": (build_layers(AWS), build_report(**AWS), "yes"),
    "the same with less said": (build_layers(AWS), build_report(bucket="acme-recordings"), "yes"),
    "another spelling": (
        build_layers(AWS),
        build_report(type="AWS", path="/standup", region="US-EAST-1"),
        "yes",
    ),
    "another bucket": (build_layers(AWS), build_report(type="aws", bucket="other"), "no"),
    "another type": (build_layers(AWS), build_report(type="gcs"), "no"),
    "another port": (build_layers(STORAGE["sftp"]), build_report(type="sftp", port=2222), "no"),
    "no report": (build_layers(AWS), None, "unknown"),
    "an empty report": (build_layers(AWS), build_report(), "unknown"),
    "one target twice": (
        {**build_layers(AWS), "video": build_layers(AWS)["default"]},
        build_report(**AWS),
        "yes",
    ),
    "two targets": (
        {**build_layers(AWS), "video": build_layers(STORAGE["gcs"])["default"]},
        build_report(**AWS),
        "unknown",
    ),
}


@pytest.mark.parametrize("case", APPLIED)
def test_whether_the_storage_was_applied(case: str) -> None:
    """What the API reports is compared with what was asked for, as far as it reports anything."""
    layers, report, applied = APPLIED[case]
    assert compare_storage(build_request(layers), report) == applied
