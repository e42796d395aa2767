"""Typed arguments, which are the API's keys and nothing else."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, get_args

import pytest

import realtimekit_provider
from realtimekit_provider.api.models.track_request import Layer, Output
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.engine.args.base import StorageConfigArgs, args_to_dict
from realtimekit_provider.engine.args.layers import LayerArgs, OutputArgs
from realtimekit_provider.engine.args.storage.all_types import StorageConfigArgsDict
from tests.bad_inputs import MODELS
from tests.example_values import CANARY, SFTP_WITH_PASSWORD, STORAGE

CLASSES: dict[str, Any] = {
    found.type: found
    for name in realtimekit_provider.__all__
    if name.endswith("StorageConfigArgs") and (found := getattr(realtimekit_provider, name))
}
DICTS = [name for name in realtimekit_provider.__all__ if name.endswith("ArgsDict")]
CONFIGS = [*STORAGE.values(), SFTP_WITH_PASSWORD]


def build_args(config: Any) -> Any:
    """Return the Args object for a plain ``storage_config``."""
    values = {key: value for key, value in config.items() if key != "type"}
    return CLASSES[config["type"]](**values)


@pytest.mark.parametrize("kind", CLASSES)
def test_the_arguments_are_the_models_fields(kind: str) -> None:
    """Neither more nor less, and the same ones are required."""
    model = {name: field.is_required() for name, field in MODELS[kind].model_fields.items()}
    required = {
        each.name: each.default is not None and each.default != "" for each in fields(CLASSES[kind])
    }
    assert CLASSES[kind].type == kind
    assert {**required, "type": True} == model


def test_layers_and_outputs_have_the_models_fields() -> None:
    """Neither more nor less."""
    assert {each.name for each in fields(LayerArgs)} == set(Layer.model_fields)
    assert {each.name for each in fields(OutputArgs)} == set(Output.model_fields)


def test_every_class_of_arguments_has_a_typed_dict() -> None:
    """Both are exported."""
    classes = [name for name in realtimekit_provider.__all__ if name.endswith("Args")]
    assert [f"{name}Dict" for name in classes] == DICTS


@pytest.mark.parametrize("name", DICTS)
def test_a_typed_dict_has_the_fields_of_its_class(name: str) -> None:
    """The same names and types, and the same ones are required."""
    args: Any = getattr(realtimekit_provider, name.removesuffix("Dict"))
    expected = {
        one.name: one.type if one.default is MISSING else f"NotRequired[{one.type}]"
        for one in fields(args)
    }
    if issubclass(args, StorageConfigArgs):
        expected["type"] = f"pulumi.Input[Literal[{args.type!r}]]"
    keys = getattr(realtimekit_provider, name).__annotations__
    assert {key: reference.__forward_arg__ for key, reference in keys.items()} == expected


def test_a_storage_config_can_be_a_typed_dict_of_every_type() -> None:
    """None of them is missing in the union."""
    assert {one.__name__ for one in get_args(StorageConfigArgsDict)} == {
        f"{one.__name__}Dict" for one in CLASSES.values()
    }


@pytest.mark.parametrize("config", CONFIGS)
def test_arguments_become_the_apis_keys(config: dict[str, Any]) -> None:
    """As the plain mapping would have been written."""
    assert args_to_dict(build_args(config)) == config


@pytest.mark.parametrize("config", CONFIGS)
def test_arguments_never_show_a_credential(config: dict[str, Any]) -> None:
    """Neither by themselves nor inside a layer."""
    layer = LayerArgs(
        outputs=[OutputArgs(type="STORAGE_CONFIG", storage_config=build_args(config))]
    )
    shown = repr(build_args(config)) + str(layer) + repr([layer])
    assert CANARY not in shown
    assert not [key for key in SECRET_KEYS if f"{key}=" in shown]


@pytest.mark.parametrize("other", [None, {}, "x", 7, object(), [LayerArgs()]])
def test_other_values_are_not_taken_for_arguments(other: Any) -> None:
    """Plain mappings are left as they are."""
    assert args_to_dict(other) is None


def test_arguments_that_are_left_out_are_not_sent() -> None:
    """None of them is null."""
    assert args_to_dict(LayerArgs()) == {}
    assert args_to_dict(OutputArgs(type="REALTIMEKIT_BUCKET")) == {"type": "REALTIMEKIT_BUCKET"}


def test_a_storage_type_of_ones_own_is_taken_for_arguments() -> None:
    """A new type is a class; neither outputs nor layers list the types that there are."""

    @dataclass(frozen=True, kw_only=True)
    class TapeStorageConfigArgs(StorageConfigArgs):
        type: ClassVar[str] = "tape"
        label: str

    tape = TapeStorageConfigArgs(label="A1")
    assert args_to_dict(tape) == {"type": "tape", "label": "A1"}
    assert OutputArgs(type="STORAGE_CONFIG", storage_config=tape).storage_config is tape
