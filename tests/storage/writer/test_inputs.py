"""A writer's inputs: their defaults, mistakes, and what a change of them needs."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.writer.inputs import (
    StoredWriter,
    WriterInputs,
    apply_writer_defaults,
    diff_writer,
    validate_writer,
)
from tests.example_values import MARK
from tests.fakes import format_time
from tests.storage.writer.fake_writer import (
    APPS,
    IDENTITY,
    WRITERS,
    credential,
    declared,
    stored,
)


def test_a_writer_begins_with_the_first_generation_and_in_sync() -> None:
    """A refresh finds ``in_sync`` false where it is not, and the next preview shows that."""
    inputs = declared()
    assert inputs["key_generation"] == 1
    assert inputs["in_sync"] is True
    assert inputs["mark"] == MARK


def test_the_apps_of_a_writer_are_the_stacks_own_by_default() -> None:
    """Where the stack has none, they are required, if only as an empty list."""
    given = {**WRITERS["aws"], **IDENTITY}
    assert apply_writer_defaults(given, {}, APPS)["apps"] == APPS
    assert list(validate_writer(apply_writer_defaults({**given, "apps": []}, {}, []), {})) == []
    [failure] = validate_writer(apply_writer_defaults(given, stored(), []), stored())
    assert failure.path == "apps"


def test_a_renamed_writer_keeps_its_identities() -> None:
    """An alias gives the resource another mark and name; recordings write with the old key."""
    renamed = {**WRITERS["aws"], **IDENTITY, "mark": "after", "name": "after"}
    after = apply_writer_defaults(renamed, stored(), APPS)
    assert (after["mark"], after["name"]) == (MARK, "archive")
    assert diff_writer(stored(), after).is_empty


@pytest.mark.parametrize("storage_type", WRITERS)
def test_a_writer_is_parsed_from_its_inputs_or_state(storage_type: str) -> None:
    """Without what belongs to the resource alone."""
    inputs = declared(storage_type)
    assert list(validate_writer(inputs, {})) == []
    declared_now = WriterInputs.from_props(inputs)
    assert declared_now.writer.type == storage_type
    kept = StoredWriter.from_props({**inputs, **credential(1), "previous_keys": {}})
    assert kept.inputs == declared_now


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"name": "Archive"}, "name"),
        ({"bucket": "s3://acme"}, "bucket"),
        ({"prefix": "../up"}, "prefix"),
        ({"type": "s3"}, "type"),
        ({"partition": "aws"}, "partition"),
        ({"kms_key": "alias/mine"}, "kms_key"),
        ({"password": "CANARY"}, None),
        ({"key_generation": 0}, "key_generation"),
        ({"key_generation": 4}, "key_generation"),
    ],
)
def test_a_mistake_is_reported_with_its_path(changed: dict[str, Any], path: str | None) -> None:
    """A key of the state is none."""
    failures = validate_writer(declared(**changed), {"key_generation": 1})
    assert [failure.path for failure in failures] == ([path] if path else [])


@pytest.mark.parametrize("storage_type", WRITERS)
def test_an_unknown_input_is_no_mistake(storage_type: str) -> None:
    """But the type, on which all others depend."""
    for name in {*declared(storage_type)} - {"type"}:
        assert list(validate_writer({**declared(storage_type), name: UNKNOWN}, stored())) == []


REPLACING = {
    "aws": ("type", "name", "bucket", "prefix", "region"),
    "azure": ("type", "name", "account", "container"),
    "gcs": ("type", "name", "bucket", "prefix", "project"),
}


@pytest.mark.parametrize(
    ("storage_type", "name"), [(one, name) for one, names in REPLACING.items() for name in names]
)
def test_other_rights_are_another_resource(storage_type: str, name: str) -> None:
    """They are bound to the location; one that is not known yet counts as another."""
    for value in ("other", UNKNOWN):
        found = diff_writer(declared(storage_type), {**declared(storage_type), name: value})
        assert found == InputDiff(replaces=(name,))


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"key_generation": 2}, "key_generation"),
        ({"kms_key": "arn:aws:kms:eu-west-1:1:key/k"}, "kms_key"),
        ({"apps": []}, "apps"),
    ],
)
def test_a_rotation_is_an_update(changed: dict[str, Any], path: str) -> None:
    """As is everything that is not the location: live recordings continue."""
    assert diff_writer(stored(), declared(**changed)) == InputDiff(updates=(path,))


def test_computed_outputs_are_no_change() -> None:
    """Nor are the mark and the URN, by which nothing in the cloud is known."""
    before = stored(2, previous_keys={"1": format_time(0)})
    after = {**declared(key_generation=2), "mark": "other", "resource_urn": "other"}
    assert diff_writer(before, after).is_empty


def test_a_generation_that_is_yet_to_be_deleted_is_a_change() -> None:
    """The one before the current one is meant to stay."""
    assert diff_writer(
        stored(3, previous_keys={"1": format_time(0), "2": format_time(1)}),
        declared(key_generation=3),
    ) == (InputDiff(updates=("previous_keys",)))
    assert diff_writer(
        stored(3, previous_keys={"2": format_time(1)}), declared(key_generation=3)
    ).is_empty


def test_a_writer_that_is_not_in_sync_is_updated() -> None:
    assert diff_writer({**stored(), "in_sync": False}, declared()) == InputDiff(
        updates=("in_sync",)
    )
