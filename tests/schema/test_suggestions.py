"""What is said of a field that does not exist."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.api.models.track_request import TrackApi
from realtimekit_provider.recordings.inputs import RecordingInputs, validate_inputs
from realtimekit_provider.schema.suggestions import describe_unknown_field, list_fields
from realtimekit_provider.storage.gate.gate import GateInputs

_OUTPUT = ("layers", "default", "outputs", 0)


@pytest.mark.parametrize(
    ("kind", "path", "some"),
    [
        (RecordingInputs, (), {"meeting_id", "layers", "on_ended"}),
        (RecordingInputs, ("layers", "default"), {"file_name_prefix", "outputs"}),
        (RecordingInputs, _OUTPUT, {"type", "storage_config"}),
        (RecordingInputs, (*_OUTPUT, "storage_config", "sftp"), {"host", "username"}),
        (RecordingInputs, (*_OUTPUT, "storage_config", "aws"), {"bucket", "secret"}),
        (StorageConfig, ("gcs",), {"bucket", "secret"}),
        (GateInputs, ("apps", 0), {"account_id", "app_id"}),
    ],
)
def test_the_fields_at_a_path_are_known(
    kind: Any, path: tuple[str | int, ...], some: set[str]
) -> None:
    """Through mappings, lists and the storage that a type stands for."""
    assert some <= set(list_fields(kind, path))


@pytest.mark.parametrize("path", [("meeting_id",), ("layers",), ("colour",), ("layers", "a", "b")])
def test_there_are_no_fields_where_no_model_is(path: tuple[str, ...]) -> None:
    """A text, a mapping and what does not exist have none."""
    assert list_fields(RecordingInputs, path) == []


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("filename_prefix", ["file_name_prefix", "outputs"], ": did you mean file_name_prefix?"),
        ("colour", ["file_name_prefix", "outputs"], " (there: file_name_prefix, outputs)"),
        ("colour", [], ""),
    ],
)
def test_what_can_be_meant_is_said(name: str, fields: list[str], said: str) -> None:
    """One that is nearly the same, and otherwise all that there are."""
    assert describe_unknown_field(name, fields) == f"is not a field that exists here{said}"


@pytest.mark.parametrize(
    ("track_api", "refused"), [("outputs", "user_ids"), ("managed", "max_seconds")]
)
def test_what_would_be_refused_is_not_offered(track_api: TrackApi, refused: str) -> None:
    """Nobody sets a recording's mark or URN, nor what the stack's API does not take."""
    given = validate_inputs({"colour": "red"}, track_api)
    (problem,) = (one for one in given if one.path == "colour")
    assert "meeting_id" in problem.reason
    assert not any(name in problem.reason for name in ("mark", "resource_urn", refused))


def test_a_credential_is_never_taken_for_a_field() -> None:
    """Names of fields are said, values never."""
    storage = {"type": "aws", "acces_key": "AKIA-canary", "secret": "canary"}
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    found = validate_inputs({"layers": {"default": {"outputs": [output]}}})
    told = {one.path: one.reason for one in found}
    where = "layers.default.outputs[0].storage_config.acces_key"
    assert told[where] == "is not a field that exists here: did you mean access_key?"
    assert "canary" not in str(found)
