"""Mistakes in a field: the same values as in a program, reported with the path in the config."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.recordings.inputs import RecordingInputs
from tests.bad_inputs import BAD_FIELDS, BAD_LAYERS, BAD_STORAGE, replace_at
from tests.example_values import CANARY, STORAGE
from tests.program.stack_config import (
    CONFIG,
    WHERE,
    by_reference,
    config,
    paths,
    refusal,
    standup,
)


def field_cases() -> dict[str, tuple[dict[str, Any], str]]:
    found = {}
    base = standup(layers={"default": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}})["standup"]
    skipped = {"user_ids", "user_ids[0]", "layers.default.media_kind", CONFIG}
    for path, values in {**BAD_FIELDS, **BAD_LAYERS}.items():
        for value in values:
            is_sayable = json.loads(json.dumps(value, default=lambda _: "?")) == value
            if path not in skipped and is_sayable and not (path.endswith("_id") and value is None):
                found[f"{path}={value!r:.40}"] = (replace_at(base, path, value), path)
    return found


def storage_cases() -> dict[str, tuple[str, str, Any]]:
    return {
        f"{storage_type}.{name}={value!r:.40}": (storage_type, name, value)
        for storage_type, table in BAD_STORAGE.items()
        for name, values in table.items()
        for value in values
    }


FIELD_CASES, STORAGE_CASES = field_cases(), storage_cases()


@pytest.mark.parametrize("case", FIELD_CASES)
def test_a_bad_value_is_reported_with_its_path_in_the_config(case: str) -> None:
    """Of each field of a recording, its layers and outputs."""
    recording, path = FIELD_CASES[case]
    assert paths(config({"standup": recording})) == [f"{WHERE}.{path}"]


@pytest.mark.parametrize("case", STORAGE_CASES)
def test_a_bad_storage_is_reported_with_its_path_in_the_config(case: str) -> None:
    """A bad credential stands behind its reference, and is never quoted."""
    storage_type, name, value = STORAGE_CASES[case]
    storage, secrets = by_reference(STORAGE[storage_type])
    is_reference = name in SECRET_KEYS and isinstance(value, str) and name in STORAGE[storage_type]
    if is_reference and value:
        storage[name] = {"fromConfig": name}
        secrets[name] = value
    elif value is None:
        del storage[name]
    else:
        storage[name] = value
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    stack = config(standup(layers={"default": {"outputs": [output]}}), **secrets)
    assert paths(stack) == [f"{WHERE}.{CONFIG}.{name}"]
    assert CANARY not in refusal(stack)


@pytest.mark.parametrize("name", ["resource_urn", "mark"])
@pytest.mark.parametrize("value", ["x", ""])
def test_an_input_that_the_resource_computes_is_no_setting(name: str, value: str) -> None:
    """It would give a recording another owner."""
    assert f"{WHERE}.{name}" in paths(config(standup(**{name: value})))


def test_every_field_of_a_recording_is_covered() -> None:
    """The table of the inputs is that of the config."""
    assert set(BAD_FIELDS) >= set(RecordingInputs.model_fields) - {"resource_urn", "mark"}
