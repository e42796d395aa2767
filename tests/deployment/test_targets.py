"""Where files go, and whether two descriptions of that mean the same place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.storage_config import TARGET_KEYS
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.targets import agree, target_from, targets_of_layers
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
    target = target_from(STORAGE[kind])
    assert target["type"] == kind
    assert not SECRET_KEYS & target.keys()
    assert CANARY not in str(target)


def test_what_is_not_said_is_no_part_of_a_target() -> None:
    """A ``None`` is nothing said; an empty text and a zero are."""
    assert target_from({"type": "azure", "path": None, "region": ""}) == {
        "type": "azure",
        "region": "",
    }


def test_layers_have_each_target_once() -> None:
    """However many outputs and layers go there, with whatever credential."""
    other_key = {**STORAGE["aws"], "secret": "CANARY-rotated"}
    layers = {"a": to(STORAGE["aws"], STORAGE["sftp"]), "b": to(other_key), "c": {}}
    expected = [target_from(STORAGE["aws"]), target_from(STORAGE["sftp"])]
    assert targets_of_layers(layers) == expected


@pytest.mark.parametrize(
    "layers", [None, [], {}, {"a": {"outputs": None}}, {"a": {"outputs": [{"type": "x"}]}}]
)
def test_layers_without_storage_have_no_target(layers: Any) -> None:
    assert targets_of_layers(layers) == []


@pytest.mark.parametrize(
    "changed",
    [{"region": "US-EAST-1"}, {"path": "/standup/"}, {"path": None}, {"host": "elsewhere"}],
)
def test_an_api_may_write_a_target_in_another_way(changed: dict[str, Any]) -> None:
    """Case, outer slashes, and keys that only one of both has."""
    said = {key: value for key, value in {**S3, **changed}.items() if value is not None}
    assert agree(S3, said)


@pytest.mark.parametrize(
    "changed", [{"bucket": "acme"}, {"path": "stand/up"}, {"region": "eu"}, {"type": "gcs"}]
)
def test_one_difference_is_another_place(changed: dict[str, Any]) -> None:
    assert not agree(S3, {**S3, **changed})


@given(TARGETS, TARGETS)
def test_agreeing_is_mutual(one: dict[str, Any], other: dict[str, Any]) -> None:
    """And everything agrees with itself."""
    assert agree(one, other) == agree(other, one)
    assert agree(one, dict(one))
