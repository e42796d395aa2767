"""Layers as a user writes them, made ready for the engine."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.engine.args import LayerArgs, OutputArgs
from realtimekit_provider.engine.layers import to_engine_layers
from tests.engine.test_args import typed
from tests.example_values import SFTP_WITH_PASSWORD, STORAGE, layers_to
from tests.programs import SECRET, Program

CONFIGS = [*STORAGE.values(), SFTP_WITH_PASSWORD]


def sent(make: Callable[[], Any]) -> Any:
    """Return what the program would send to the engine, secrets as the engine marks them."""
    return Program().serialize(lambda: to_engine_layers(make()))


def expected(config: Any) -> Any:
    """Return a layer to ``config``: each credential marked as secret, outputs by position."""
    wrapped = {
        key: {**SECRET, "value": value} if key in SECRET_KEYS else value
        for key, value in config.items()
    }
    return {"default": {"outputs": {"0": {"type": "STORAGE_CONFIG", "storage_config": wrapped}}}}


def all_typed(config: Any) -> Any:
    return {
        "default": LayerArgs(
            outputs=[OutputArgs(type="STORAGE_CONFIG", storage_config=typed(config))]
        )
    }


def half_typed(config: Any) -> Any:
    output = {"type": "STORAGE_CONFIG", "storage_config": typed(config)}
    return {"default": LayerArgs(outputs=[output])}


def known_later(value: Any) -> pulumi.Output[Any]:
    """Return an output, without Pulumi looking into it first."""
    return pulumi.Output.from_input(None).apply(lambda _: copy.deepcopy(value))


def output_at(*depth: str) -> Callable[[Any], Any]:
    """Return a way to write layers in which the part at ``depth`` is an output."""

    def write(config: Any) -> Any:
        layers = layers_to(config)
        place: Any = {"": layers}
        for step in ("", *depth)[:-1]:
            place = place[int(step) if step.isdigit() else step]
        last: Any = ("", *depth)[-1]
        last = int(last) if last.isdigit() else last
        place[last] = known_later(place[last])
        return place[""] if last == "" else layers

    return write


WAYS: dict[str, Callable[[Any], Any]] = {
    "plain dicts": layers_to,
    "Args": all_typed,
    "Args around plain dicts": half_typed,
    "everything an output": output_at(),
    "a layer an output": output_at("default"),
    "outputs an output": output_at("default", "outputs"),
    "one of the outputs an output": output_at("default", "outputs", "0"),
    "the storage an output": output_at("default", "outputs", "0", "storage_config"),
    "a bucket or host an output": lambda config: output_at(
        "default", "outputs", "0", "storage_config", "bucket" if "bucket" in config else "host"
    )(config),
    "a tuple of outputs": lambda config: {
        "default": {"outputs": tuple(layers_to(config)["default"]["outputs"])}
    },
}


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config["type"])
@pytest.mark.parametrize("way", WAYS)
def test_however_it_is_written_the_engine_gets_the_same(way: str, config: dict[str, Any]) -> None:
    """Args or dicts, outputs at any depth: only the credentials are secret, each by itself."""
    assert sent(lambda: WAYS[way](config)) == expected(config)


def test_a_secret_output_stays_one() -> None:
    """A credential of another provider is secret already, and is not wrapped twice."""
    config = dict(STORAGE["aws"])
    secret = config["secret"]
    layers = sent(lambda: layers_to({**config, "secret": pulumi.Output.secret(secret)}))
    assert layers == expected(config)


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
def test_what_is_of_another_shape_is_left_for_the_check(layers: Any) -> None:
    """It says what is wrong with its path; nothing crashes in the program."""
    as_written = copy.deepcopy(layers)
    prepared = sent(lambda: layers)
    assert layers == as_written
    if as_written in ODD:
        assert prepared == as_written


def test_the_programs_own_mappings_are_not_written_to() -> None:
    """The same layers can be given to several recordings."""
    layers = layers_to(STORAGE["aws"])
    before = copy.deepcopy(layers)
    sent(lambda: layers)
    assert layers == before
