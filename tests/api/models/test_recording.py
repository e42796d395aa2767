"""A recording as the API describes it, read tolerantly."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.recording import Recording, parse_recording, parse_time
from tests.example_values import CANARY

COMPLETE: dict[str, Any] = {
    "id": "rec-1",
    "audio_download_url": "https://files.example/a?X-Amz-Signature=CANARY",
    "download_url": "https://files.example/b?X-Amz-Signature=CANARY",
    "download_url_expiry": "2019-12-27T18:11:19.117Z",
    "file_size": 0,
    "invoked_time": "2019-12-27T18:11:19.117Z",
    "output_file_name": "standup.webm",
    "session_id": "ses-1",
    "started_time": "2019-12-27T18:11:20.117Z",
    "status": "INVOKED",
    "stopped_time": None,
    "recording_duration": 12,
    "start_reason": {
        "caller": {"name": "RealtimeKit_test", "type": "ORGANIZATION", "user_Id": "u"},
        "reason": "API_CALL",
    },
    "stop_reason": None,
    "storage_config": {
        "type": "sftp",
        "auth_method": "KEY",
        "bucket": "b",
        "host": "h",
        "password": "CANARY",
        "path": "p",
        "port": 22,
        "private_key": "CANARY",
        "region": "r",
        "secret": "CANARY",
        "username": "u",
    },
}

SHAPES = {
    "the reference's, at the top of data": COMPLETE,
    "the later one, under data.recording": {"recording": COMPLETE},
    "both at once": {"recording": COMPLETE, "id": "another"},
}
WITHOUT_A_RECORDING = [
    None,
    {},
    [],
    [COMPLETE],
    "rec-1",
    {"id": ""},
    {"id": None},
    {"id": 7},
    {"id": "\ud800"},
    {"recording": None},
    {"recording": {"id": 5}},
]
TEXT = st.text("aZ0 :.\n\ud800\udc00é✓")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=5,
)


def find_recording(data: Any) -> Recording:
    found = parse_recording(data)
    assert found is not None
    return found


KINDS: list[tuple[dict[str, Any], str | None]] = [
    ({"type": "TRACK"}, "TRACK"),
    ({"type": "COMPOSITE", "output_file_name": "a.webm"}, "COMPOSITE"),
    ({"type": "composite", "download_url": []}, "COMPOSITE"),
    ({"type": "TRACK", "start_reason": {"reason": "RECORD_ON_START"}}, "TRACK"),
    ({"type": "", "download_url": [{"layer_name": "default"}]}, "TRACK"),
    ({"type": "", "start_reason": {"reason": "RECORD_ON_START"}}, "COMPOSITE"),
    ({"type": "", "download_url": "https://files.example/a"}, None),
    ({"type": "NEW", "output_file_name": "a.mp4"}, None),
    ({"type": ["COMPOSITE"], "download_url": None}, None),
    ({"kind": "COMPOSITE"}, None),
]


@pytest.mark.parametrize(("data", "kind"), KINDS)
def test_the_kind_follows_from_the_type(data: dict[str, Any], kind: str | None) -> None:
    """Where there is none, by how files are given or by who started it; never by a file's name."""
    assert find_recording({"id": "r", **data}).kind == kind


@pytest.mark.parametrize("shape", SHAPES)
def test_the_recording_is_found_in_each_form_of_a_response(shape: str) -> None:
    """Where in ``data`` the recording stands makes no difference."""
    found = find_recording(SHAPES[shape])
    assert (found.id, found.status, found.start_reason) == ("rec-1", "INVOKED", "API_CALL")
    assert found.storage_config is not None
    assert found.storage_config.port == 22


@pytest.mark.parametrize("data", WITHOUT_A_RECORDING)
def test_a_response_without_an_id_holds_no_recording(data: Any) -> None:
    """Whether something was started is then unknown."""
    assert parse_recording(data) is None


def test_a_short_response_is_a_recording_too() -> None:
    """A start may answer with nothing but the id."""
    assert find_recording({"id": "rec-1"}) == Recording(id="rec-1", status="UNKNOWN")


@pytest.mark.parametrize("name", sorted(Recording.model_fields.keys() - {"id", "status"}))
@pytest.mark.parametrize("odd", [None, [], "", True, 10**400, math.nan])
def test_a_value_of_an_odd_type_counts_as_absent(name: str, odd: Any) -> None:
    """Null or of another type: the field is unknown, and the recording is read."""
    assert getattr(find_recording({"id": "rec-1", name: odd}), name) is None


@pytest.mark.parametrize("status", ["TRANSCODING", "recording", "✓"])
def test_an_unknown_status_is_kept(status: str) -> None:
    """The API may invent statuses."""
    assert find_recording({"id": "rec-1", "status": status}).status == status


@pytest.mark.parametrize("status", [None, "", 5, {}, "\ud800"])
def test_a_response_without_a_status_has_an_unknown_one(status: Any) -> None:
    """A status is never invented."""
    assert find_recording({"id": "rec-1", "status": status}).status == "UNKNOWN"


def test_secrets_in_a_response_are_not_kept() -> None:
    """Download URLs and credentials that come back are gone once the response is read."""
    assert CANARY not in json.dumps(find_recording(COMPLETE).model_dump())


@given(st.dictionaries(st.sampled_from(list(COMPLETE)), JSON))
def test_no_content_is_an_error(odd: dict[str, Any]) -> None:
    """Whatever stands in whichever field, the recording is read, as texts that can be stored."""
    found = find_recording({**odd, "id": "rec-1"})
    assert found.model_dump_json()


def test_times_are_read_in_utc() -> None:
    """A time with ``Z``, with an offset and without either."""
    noon = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
    assert parse_time("2026-07-01T12:00:00Z") == noon
    assert parse_time("2026-07-01T14:00:00+02:00") == noon
    assert parse_time("2026-07-01T12:00:00") == noon
    assert parse_time("2026-07-01T12:00:00.117Z") == noon + timedelta(milliseconds=117)


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-13-01T00:00:00Z", "0"])
def test_a_text_that_is_no_time_is_none(text: str | None) -> None:
    """A time that cannot be read is unknown."""
    assert parse_time(text) is None


def test_a_list_gives_the_meeting_itself() -> None:
    """Its id is the recording's meeting, where no other one is named."""
    listed = parse_recording({"id": "rec-1", "meeting": {"id": "m-1", "title": "Standup"}})
    both = parse_recording({"id": "rec-1", "meeting_id": "m-2", "meeting": {"id": "m-1"}})
    strange = parse_recording({"id": "rec-1", "meeting": ["m-1"]})
    found = [one.meeting_id for one in (listed, both, strange) if one is not None]
    assert found == ["m-1", "m-2", None]
