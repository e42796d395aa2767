"""Where files go, and whether two descriptions of that mean the same location."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.storage_config import TARGET_KEYS
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.upload_targets import (
    extract_target,
    is_same_target,
    list_targets,
)
from tests.example_values import CANARY, STORAGE

S3 = {"type": "aws", "bucket": "acme-recordings", "region": "us-east-1", "path": "standup"}
TARGETS = st.dictionaries(
    st.sampled_from(TARGET_KEYS), st.sampled_from(["a", "A", "/a/", "b", 22, 2222])
)


def to(*storages: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer as stored, its outputs under mapping keys made into a list again."""
    return {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": one} for one in storages]}


@pytest.mark.parametrize("kind", STORAGE)
def test_a_target_says_where_and_never_with_which_right(kind: str) -> None:
    """No key of a credential is in it, and no credential."""
    target = extract_target(STORAGE[kind])
    assert target["type"] == kind
    assert not SECRET_KEYS & target.keys()
    assert CANARY not in str(target)


def test_a_key_without_a_value_is_no_part_of_a_target() -> None:
    """``None`` is no value; an empty text and a zero are."""
    assert extract_target({"type": "azure", "path": None, "region": ""}) == {
        "type": "azure",
        "region": "",
    }


def test_layers_have_each_target_once() -> None:
    """However many outputs and layers go there, with whatever credential."""
    other_key = {**STORAGE["aws"], "secret": "CANARY-rotated"}
    layers = {"a": to(STORAGE["aws"], STORAGE["sftp"]), "b": to(other_key), "c": {}}
    expected = [extract_target(STORAGE["aws"]), extract_target(STORAGE["sftp"])]
    assert list_targets(layers) == expected


@pytest.mark.parametrize(
    "layers", [None, [], {}, {"a": {"outputs": None}}, {"a": {"outputs": [{"type": "x"}]}}]
)
def test_layers_without_storage_have_no_target(layers: Any) -> None:
    assert list_targets(layers) == []


@pytest.mark.parametrize(
    "changed",
    [{"region": "US-EAST-1"}, {"path": "/standup/"}, {"path": None}, {"host": "elsewhere"}],
)
def test_an_api_may_write_a_target_in_another_way(changed: dict[str, Any]) -> None:
    """Case, outer slashes, and keys that only one of both has."""
    reported = {key: value for key, value in {**S3, **changed}.items() if value is not None}
    assert is_same_target(S3, reported)


@pytest.mark.parametrize(
    "changed", [{"bucket": "acme"}, {"path": "stand/up"}, {"region": "eu"}, {"type": "gcs"}]
)
def test_one_difference_is_another_target(changed: dict[str, Any]) -> None:
    assert not is_same_target(S3, {**S3, **changed})


@given(TARGETS, TARGETS)
def test_being_the_same_is_mutual(one: dict[str, Any], other: dict[str, Any]) -> None:
    """And every target is the same as itself."""
    assert is_same_target(one, other) == is_same_target(other, one)
    assert is_same_target(one, dict(one))
