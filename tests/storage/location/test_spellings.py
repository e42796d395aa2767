"""Location, writer and gate stay where they are if only the spelling of their place changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.storage.gate.inputs import diff_gate
from realtimekit_provider.storage.location.explain import explain_deletion
from realtimekit_provider.storage.location.inputs import (
    build_location_key,
    diff_location,
)
from realtimekit_provider.storage.writer.inputs import diff_writer
from tests.example_values import STORAGE
from tests.property_examples import run_examples
from tests.schema.spellings import (
    CONFIG_FIELDS,
    LOCATION_FIELDS,
    WRITER_FIELDS,
    draw_spellings,
    get_values,
    spell,
)
from tests.storage.gate.fake_gate import gate_inputs
from tests.storage.location.location_inputs import LOCATIONS


@pytest.mark.parametrize("storage_type", LOCATIONS)
@given(data=st.data())
@run_examples(25)
def test_another_spelling_is_the_same_location(storage_type: str, data: st.DataObject) -> None:
    """It is not replaced, and two resources that own it are found."""
    one, other = draw_spellings(data, storage_type, LOCATION_FIELDS[storage_type])
    before, after = {**LOCATIONS[storage_type], **one}, {**LOCATIONS[storage_type], **other}
    assert diff_location(before, after).is_empty
    assert build_location_key(before) == build_location_key(after)


@pytest.mark.parametrize("storage_type", WRITER_FIELDS)
@given(data=st.data())
@run_examples(25)
def test_another_spelling_is_the_same_writer(storage_type: str, data: st.DataObject) -> None:
    """Its key is not replaced while recordings write with it."""
    one, other = draw_spellings(data, storage_type, WRITER_FIELDS[storage_type])
    rest = {"type": storage_type, "key_generation": 1}
    assert diff_writer({**rest, **one}, {**rest, **other}).is_empty


@pytest.mark.parametrize("storage_type", STORAGE)
@given(data=st.data())
@run_examples(25)
def test_another_spelling_is_the_same_gate(storage_type: str, data: st.DataObject) -> None:
    one, other = draw_spellings(data, storage_type, CONFIG_FIELDS[storage_type])
    before, after = gate_inputs(storage_type, **one), gate_inputs(storage_type, **other)
    assert diff_gate(before, after).is_empty


@pytest.mark.parametrize(
    ("storage_type", "field"),
    [(kind, field) for kind, fields in LOCATION_FIELDS.items() for field in sorted(fields)],
)
@given(data=st.data())
@run_examples(25)
def test_another_address_is_another_location(
    storage_type: str, field: str, data: st.DataObject
) -> None:
    """Exactly the field that differs is named; an SFTP user alone is a login, not a place."""
    values = get_values(storage_type, field)
    one = data.draw(values)
    other = data.draw(values.filter(lambda value: value != one))
    before, after = (
        {**LOCATIONS[storage_type], field: data.draw(spell(storage_type, field, value))}
        for value in (one, other)
    )
    found = diff_location(before, after)
    if field == "username":
        assert found == InputDiff(updates=(field,))
    else:
        assert found == InputDiff(replaces=(field,))


FORCED: Mapping[str, Any] = {"on_delete": "force", "is_owned": True}
REPLACED = InputDiff(replaces=("bucket", "region"))


def test_a_replacement_that_deletes_files_is_described_with_the_name() -> None:
    """The stored ``on_delete`` decides, since the old location is deleted by it."""
    text = explain_deletion("acme-recordings", REPLACED, **FORCED)
    assert text is not None
    assert text.startswith("deletes acme-recordings with all files in it, because bucket, region")
    assert "set on_delete to 'keep' in a deployment of its own" in text


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"on_delete": "keep"}, REPLACED),
        ({"on_delete": "fail"}, REPLACED),
        ({"is_owned": False}, REPLACED),
        ({}, InputDiff(updates=("retention_days",))),
        ({}, InputDiff()),
    ],
)
def test_a_deployment_that_deletes_no_file_is_not_described(
    changed: dict[str, Any], found: InputDiff
) -> None:
    stored = {**FORCED, **changed}
    assert explain_deletion("acme-recordings", found, **stored) is None
