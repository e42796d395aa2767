"""What state keeps of an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_provider.api.models.recording import Recording, ReportedStorage
from realtimekit_provider.api.models.track_request import TrackRequest
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.recordings.outputs import (
    outputs_from_recording,
    outputs_without_recording,
    storage_applied,
)
from tests.example_values import STORAGE, layers_to, recording
from tests.fakes import at

ALWAYS = {"status", "invoked_time", "storage_applied", "warning"}
NO_FACTS = {"id", "meeting_id", "storage_config"}


def asked(layers: dict[str, Any]) -> TrackRequest:
    return TrackRequest.model_validate({"meeting_id": "m", "layers": layers})


def reported(**fields: Any) -> ReportedStorage:
    return ReportedStorage.model_validate(fields)


def test_each_field_of_an_answer_is_a_fact_or_deliberately_none() -> None:
    """A new field of :class:`Recording` fails here until somebody decides."""
    assert set(Recording.model_fields) - NO_FACTS == set(COMPUTED_OUTPUTS) - {
        "storage_applied",
        "warning",
    }


def test_what_a_reviewer_sees_is_always_there() -> None:
    """Other facts are left out where they are not known: each byte is written at every step."""
    assert set(outputs_from_recording(recording())) == ALWAYS
    assert set(outputs_without_recording("NO_SESSION")) == ALWAYS


def test_the_facts_of_a_complete_answer_take_less_than_a_kilobyte() -> None:
    """Even with the longest warning."""
    longest = recording(
        "r" * 36,
        session_id="s" * 36,
        output_file_name="f" * 160,
        invoked_time=at(0),
        started_time=at(0),
        stopped_time=at(0),
        recording_duration=86400.123,
        start_reason="RECORD_ON_START",
        stop_reason="ALL_PEERS_LEFT",
    )
    facts = outputs_from_recording(longest, applied="unknown", warning="w" * 10_000)
    assert set(facts) == set(COMPUTED_OUTPUTS)
    assert len(json.dumps(facts, separators=(",", ":"))) < 1024


AWS = STORAGE["aws"]
APPLIED: dict[str, tuple[dict[str, Any], ReportedStorage | None, str]] = {
    "nothing was asked for": ({"default": {}}, None, "yes"),
    "the same": (layers_to(AWS), reported(**AWS), "yes"),
    "the same with less said": (layers_to(AWS), reported(bucket="acme-recordings"), "yes"),
    "another spelling": (
        layers_to(AWS),
        reported(type="AWS", path="/standup", region="US-EAST-1"),
        "yes",
    ),
    "another bucket": (layers_to(AWS), reported(type="aws", bucket="other"), "no"),
    "another type": (layers_to(AWS), reported(type="gcs"), "no"),
    "another port": (layers_to(STORAGE["sftp"]), reported(type="sftp", port=2222), "no"),
    "no report": (layers_to(AWS), None, "unknown"),
    "an empty report": (layers_to(AWS), reported(), "unknown"),
    "one target twice": (
        {**layers_to(AWS), "video": layers_to(AWS)["default"]},
        reported(**AWS),
        "yes",
    ),
    "two targets": (
        {**layers_to(AWS), "video": layers_to(STORAGE["gcs"])["default"]},
        reported(**AWS),
        "unknown",
    ),
}


@pytest.mark.parametrize("case", APPLIED)
def test_whether_the_storage_was_applied(case: str) -> None:
    """The API's word is compared with what was asked for, as far as it says anything."""
    layers, said, applied = APPLIED[case]
    assert storage_applied(asked(layers), said) == applied
