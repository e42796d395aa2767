"""What is said of values that no rule of a field is about."""

from __future__ import annotations

import re

import pytest

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.constants import NOT_DEPLOYED
from realtimekit_provider.recordings.inputs import RecordingInputs, validate_inputs
from realtimekit_provider.schema.input_failures import find_missing_target, validate_model
from realtimekit_provider.schema.unknown import UNKNOWN, assume_deployed
from tests.bad_inputs import BAD_FIELDS, BAD_STORAGE
from tests.example_values import STORAGE

REASON = (
    "is the storage 'archive', which is not deployed: target it too, with --target '**::archive**'"
)


@pytest.mark.parametrize("others", [{}, {"bucket": "b"}, {"access_key": None, "secret": 7}])
def test_storage_that_is_not_deployed_is_one_mistake(others: dict[str, object]) -> None:
    """Whatever it lacks then: that follows from it."""
    config = {"type": f"{NOT_DEPLOYED}archive", **others}
    [failure] = validate_model(StorageConfig, config)
    assert (failure.path, failure.reason) == ("", REASON)


def test_storage_that_is_not_deployed_is_reported_at_the_output_that_writes_there() -> None:
    """A recording may have several."""
    output = {"type": "STORAGE_CONFIG", "storage_config": {"type": f"{NOT_DEPLOYED}archive"}}
    failures = validate_inputs({"layers": {"default": {"outputs": [output]}}})
    reasons = {failure.path: failure.reason for failure in failures}
    assert reasons["layers.default.outputs[0].storage_config"] == REASON


@pytest.mark.parametrize(
    ("storage_type", "field", "other_name"),
    [
        ("azure", "access_key", "connection_string"),
        ("gcs", "secret", "credentials"),
        ("aws", "secret", "secretAccessKey"),
        ("sftp", "username", "user"),
    ],
)
def test_a_required_field_under_another_name_is_one_mistake(
    storage_type: str, field: str, other_name: str
) -> None:
    """That it is missing follows from its name."""
    config = {
        other_name if key == field else key: one for key, one in STORAGE[storage_type].items()
    }
    [failure] = validate_model(StorageConfig, config)
    assert failure.path == other_name
    assert failure.reason.startswith(f"is not a field: did you mean {field}?")


def test_a_missing_field_is_reported_with_an_unknown_one_that_is_not_like_it() -> None:
    """These are two mistakes."""
    config = {"acl" if key == "bucket" else key: one for key, one in STORAGE["aws"].items()}
    assert {one.path for one in validate_model(StorageConfig, config)} == {"acl", "bucket"}


def test_storage_that_failed_is_no_mistake_of_what_needs_it() -> None:
    """The engine says what failed, and leaves out the rest."""
    assert list(validate_model(StorageConfig, {"type": NOT_DEPLOYED})) == []
    assert assume_deployed({"a": NOT_DEPLOYED, "b": 1}) == {"a": UNKNOWN, "b": 1}
    assert list(find_missing_target({"a": NOT_DEPLOYED, "b": 1})) == []


@pytest.mark.parametrize(
    ("name", "target"), [("team-writer", "team"), ("team-location", "team"), ("key", "key")]
)
def test_a_value_that_comes_from_no_target_names_it_once(name: str, target: str) -> None:
    """All parts of a storage are targets together."""
    inputs = dict.fromkeys(("access_key", "secret"), f"{NOT_DEPLOYED}{name}")
    [failure] = find_missing_target(inputs)
    expected = f"access_key: comes from '{name}', which is not deployed: target it too, with"
    assert str(failure) == f"{expected} --target '**::{target}**'"
    assert set(assume_deployed(inputs).values()) == {UNKNOWN}


SENTENCES = {
    "max_seconds": ((59, "must be at least 60"), (86401, "must be at most 86400")),
    "user_ids": (
        ([], "must have at least 1 entry"),
        (["u"] * 101, "must have at most 100 entries"),
    ),
    "on_ended": (("stop", "must be 'keep', 'restart' or 'fail'"),),
    "meeting_id": (("", "must not be empty or contain spaces, '/', '?' or '#'"),),
}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [(field, *case) for field, cases in SENTENCES.items() for case in cases],
)
def test_a_rule_has_one_form(field: str, value: object, reason: str) -> None:
    """Whatever the library's own English is."""
    failures = validate_inputs({field: value}, "managed" if field == "user_ids" else "outputs")
    assert reason in [failure.reason for failure in failures if failure.path == field]


def test_every_rule_of_a_model_has_a_sentence() -> None:
    """All bad values of the tests: none is answered in the library's own words."""
    fields = [
        validate_model(RecordingInputs, {name: value})
        for name, values in BAD_FIELDS.items()
        for value in values
    ]
    storage = [
        validate_model(StorageConfig, {**STORAGE[storage_type], name: value})
        for storage_type, table in BAD_STORAGE.items()
        for name, values in table.items()
        for value in values
    ]
    reasons = [failure.reason for found in (*fields, *storage) for failure in found]
    assert [one for one in reasons if re.match("[A-Z].* (should|error)", one)] == []
