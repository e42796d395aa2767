"""Layers as a user writes them, converted for the engine."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.engine.args.layers import LayerArgs, OutputArgs
from realtimekit_provider.engine.layers import to_engine_layers
from tests.engine.test_args import build_args
from tests.example_values import SFTP_WITH_PASSWORD, STORAGE, build_layers
from tests.programs import SECRET, Program

CONFIGS = [*STORAGE.values(), SFTP_WITH_PASSWORD]


def serialize(make: Callable[[], Any]) -> Any:
    """Return what the program would send to the engine, secrets as the engine marks them."""
    return Program().serialize(lambda: to_engine_layers(make()))


def build_expected(config: Any) -> Any:
    """Return a layer to ``config``: each credential marked as secret, outputs by position."""
    wrapped = {
        key: {**SECRET, "value": value} if key in SECRET_KEYS else value
        for key, value in config.items()
    }
    return {"default": {"outputs": {"0": {"type": "STORAGE_CONFIG", "storage_config": wrapped}}}}


def write_as_args(config: Any) -> Any:
    return {
        "default": LayerArgs(
            outputs=[OutputArgs(type="STORAGE_CONFIG", storage_config=build_args(config))]
        )
    }


def write_as_args_around_dicts(config: Any) -> Any:
    output = {"type": "STORAGE_CONFIG", "storage_config": build_args(config)}
    return {"default": LayerArgs(outputs=[output])}


def make_output(value: Any) -> pulumi.Output[Any]:
    """Return an output, without Pulumi looking into it first."""
    return pulumi.Output.from_input(None).apply(lambda _: copy.deepcopy(value))


async def make_awaitable(value: Any) -> Any:
    await asyncio.sleep(0)
    return copy.deepcopy(value)


def write_with_output_at(*depth: str) -> Callable[[Any], Any]:
    """Return a way to write layers in which the part at ``depth`` is an output."""

    def write(config: Any) -> Any:
        layers = build_layers(config)
        parent: Any = {"": layers}
        for step in ("", *depth)[:-1]:
            parent = parent[int(step) if step.isdigit() else step]
        last: Any = ("", *depth)[-1]
        last = int(last) if last.isdigit() else last
        parent[last] = make_output(parent[last])
        return parent[""] if last == "" else layers

    return write


WAYS: dict[str, Callable[[Any], Any]] = {
    "plain dicts": build_layers,
    "Args": write_as_args,
    "Args around plain dicts": write_as_args_around_dicts,
    "everything an output": write_with_output_at(),
    "everything to await": lambda config: make_awaitable(build_layers(config)),
    "a layer an output": write_with_output_at("default"),
    "outputs an output": write_with_output_at("default", "outputs"),
    "one of the outputs an output": write_with_output_at("default", "outputs", "0"),
    "the storage an output": write_with_output_at("default", "outputs", "0", "storage_config"),
    "a bucket or host an output": lambda config: write_with_output_at(
        "default", "outputs", "0", "storage_config", "bucket" if "bucket" in config else "host"
    )(config),
    "a tuple of outputs": lambda config: {
        "default": {"outputs": tuple(build_layers(config)["default"]["outputs"])}
    },
}


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config["type"])
@pytest.mark.parametrize("way", WAYS)
def test_however_it_is_written_the_engine_gets_the_same(way: str, config: dict[str, Any]) -> None:
    """Args or dicts, outputs at any depth: only the credentials are secret, each by itself."""
    assert serialize(lambda: WAYS[way](config)) == build_expected(config)


def test_a_secret_output_stays_one() -> None:
    """A credential of another provider is secret already, and is not wrapped twice."""
    config = dict(STORAGE["aws"])
    secret = config["secret"]
    layers = serialize(lambda: build_layers({**config, "secret": pulumi.Output.secret(secret)}))
    assert layers == build_expected(config)


ODD: list[Any] = [None, "x", 7, [], {}, {"default": None}, {"default": "x"}]
ODD_LAYERS: list[Any] = [{"outputs": None}, {"outputs": "x"}, {"outputs": {"a": 1}}, {"outputs": 7}]
ODD_OUTPUTS: list[Any] = [None, "x", {"storage_config": None}, {"storage_config": "x"}]


@pytest.mark.parametrize(
    "layers",
    [
        *ODD,
        *({"default": layer} for layer in ODD_LAYERS),
        *({"default": {"outputs": [output]}} for output in ODD_OUTPUTS),
    ],
)
def test_layers_of_another_shape_are_left_for_the_check(layers: Any) -> None:
    """It reports what is wrong, with its path; nothing crashes in the program."""
    as_written = copy.deepcopy(layers)
    converted = serialize(lambda: layers)
    assert layers == as_written
    if as_written in ODD:
        assert converted == as_written


def test_the_programs_own_mappings_are_not_written_to() -> None:
    """The same layers can be given to several recordings."""
    layers = build_layers(STORAGE["aws"])
    before = copy.deepcopy(layers)
    serialize(lambda: layers)
    assert layers == before
