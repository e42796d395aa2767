"""Converting Pulumi's property bags to mappings, and back."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.engine.property_codec import (
    decode,
    encode,
    outputs_to_list,
    outputs_to_mapping,
)
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.example_values import STORAGE, build_inputs, build_layers

TEXT = st.text("ab01 _", max_size=5)
LEAF = st.none() | st.booleans() | st.integers(-(2**50), 2**50) | TEXT | st.just(UNKNOWN)
VALUE = st.recursive(
    LEAF | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
LAYER = st.fixed_dictionaries({}, optional={"outputs": st.lists(VALUE, max_size=3), "x": VALUE})
PROPS = st.fixed_dictionaries({}, optional={"layers": st.dictionaries(TEXT, LAYER), "a": VALUE})


@given(PROPS)
def test_stored_properties_read_back_the_same(props: dict[str, Any]) -> None:
    """Whatever it is, unknown parts included."""
    assert decode(encode(props)) == props


@given(PROPS)
def test_numbers_that_travel_as_floats_read_back_whole(props: dict[str, Any]) -> None:
    """The engine carries every number as a float."""
    assert decode(convert_to_floats(encode(props))) == props


@pytest.mark.parametrize(("carried", "read"), [(3600.0, 3600), (0.0, 0), (22.5, 22.5)])
def test_a_whole_number_is_no_float_afterwards(carried: float, read: float) -> None:
    """An API that wants a number of seconds may refuse ``3600.0``."""
    decoded = decode({"max_seconds": carried, "nested": {"list": [carried]}})
    assert repr(decoded) == repr({"max_seconds": read, "nested": {"list": [read]}})


@pytest.mark.parametrize("kind", STORAGE)
def test_credentials_are_kept_out_of_lists(kind: str) -> None:
    """A secret inside a list would hide the whole list from a reviewer."""
    stored = encode(build_inputs(layers=build_layers(STORAGE[kind])))
    assert not [value for value in find_lists(stored) if "CANARY" in json.dumps(value)]
    assert stored["layers"]["default"]["outputs"]["0"]["storage_config"] == STORAGE[kind]


def test_the_pickled_provider_is_left_out() -> None:
    """It is Pulumi's, and no input."""
    assert decode({"__provider": "gASV", "meeting_id": "m"}) == {"meeting_id": "m"}


def test_unknown_values_are_pulumis_outside_and_ours_inside() -> None:
    """At any depth, in both directions."""
    ours = {"layers": {"default": {"outputs": [UNKNOWN, {"type": UNKNOWN}]}}, "app_id": UNKNOWN}
    stored = encode(ours)
    assert stored["app_id"] == pulumi.output.UNKNOWN
    previewed = {"layers": {"default": {"outputs": {"0": pulumi.output.Unknown()}}}}  # type: ignore[no-untyped-call]
    assert decode(previewed) == {"layers": {"default": {"outputs": [UNKNOWN]}}}


ODD_OUTPUTS: list[Any] = [None, "x", 7, UNKNOWN, {"a": 1}, {"1": "x"}, {"0": "x", "2": "y"}]


@pytest.mark.parametrize("odd", ODD_OUTPUTS)
def test_outputs_that_are_no_list_are_left_for_the_check(odd: Any) -> None:
    """It reports what is wrong, with its path."""
    assert outputs_to_list(odd) == odd
    assert decode({"layers": {"default": {"outputs": odd}}})["layers"]["default"]["outputs"] == odd


def test_positions_are_in_order_beyond_ten() -> None:
    """The order of outputs is that of their numbers, not of their texts."""
    twelve = [f"output {position}" for position in range(12)]
    stored = outputs_to_mapping(twelve)
    assert outputs_to_list(dict(sorted(stored.items()))) == twelve


@pytest.mark.parametrize("layers", [None, "x", [], UNKNOWN, {"default": None}, {"default": "x"}])
def test_odd_layers_travel_unchanged(layers: Any) -> None:
    """Nothing crashes before the check has seen it."""
    assert decode(encode({"layers": layers})) == {"layers": layers}


def convert_to_floats(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, dict):
        return {key: convert_to_floats(inner) for key, inner in value.items()}
    return [convert_to_floats(inner) for inner in value] if isinstance(value, list) else value


def find_lists(value: Any) -> list[Any]:
    found = [value] if isinstance(value, list) else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        found += find_lists(part)
    return found
