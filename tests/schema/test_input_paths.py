"""What a model has at a path."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import Field

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.schema.input_failures import validate_model
from realtimekit_provider.schema.input_paths import list_fields, list_tags, remove_tags
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.schema.values import StrictModel
from realtimekit_provider.storage.gate.inputs import GateInputs

_OUTPUT = ("layers", "default", "outputs", 0)
_STORAGE_MODELS = get_args(get_args(StorageConfig)[0])


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
    ("kind", "path"), [(StorageConfig, ()), (RecordingInputs, (*_OUTPUT, "storage_config"))]
)
def test_the_tags_of_a_union_are_known(kind: Any, path: tuple[str | int, ...]) -> None:
    """One for each type of storage, wherever the union stands."""
    types = [get_args(model.model_fields["type"].annotation) for model in _STORAGE_MODELS]
    assert [(tag,) for tag in list_tags(kind, path, "type")] == types


@pytest.mark.parametrize(
    ("path", "as_written"),
    [
        ((*_OUTPUT, "storage_config", "aws", "bucket"), (*_OUTPUT, "storage_config", "bucket")),
        (("layers", "aws", "outputs"), ("layers", "aws", "outputs")),
        ((*_OUTPUT, "type"), (*_OUTPUT, "type")),
    ],
)
def test_a_user_writes_no_tags(
    path: tuple[str | int, ...], as_written: tuple[str | int, ...]
) -> None:
    """They are no part of a path, but a layer may have such a name."""
    assert remove_tags(RecordingInputs, path) == as_written


class _Cat(StrictModel):
    animal: Literal["cat"]
    lives: int


class _Dog(StrictModel):
    animal: Literal["dog"]


_Pet = Annotated[_Cat | _Dog, Field(discriminator="animal")]


@pytest.mark.parametrize(
    ("given", "failures"),
    [
        ({"animal": "cat"}, ["lives: is required"]),
        ({"animal": "cow"}, ["animal: must be one of 'cat' or 'dog'"]),
        ({}, ["animal: must be one of 'cat' or 'dog'"]),
        ({"animal": UNKNOWN}, []),
    ],
)
def test_any_union_is_validated_by_its_own_tags(given: dict[str, Any], failures: list[str]) -> None:
    """A new member, or a new union, is known from its models alone."""
    assert [str(failure) for failure in validate_model(_Pet, given)] == failures
