"""Layers as a user writes them, made ready for the engine.

Two things can only be done in the program, before the engine has seen the values: marking
credentials as secret, and keeping them out of lists (see ``dynamic/codec.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from realtimekit_provider.engine.args import args_to_dict
from realtimekit_provider.engine.property_codec import outputs_to_mapping
from realtimekit_provider.engine.secret_inputs import with_secret_credentials

__all__ = ["to_engine_layers"]


def to_engine_layers(layers: Any) -> Any:
    """Return layers with Args objects as mappings, credentials secret, and outputs by position.

    Outputs may stand at any depth; what is not of the expected shape is left as it is, for the
    check to say so with its path.
    """
    return _inside(layers, lambda known: _each(known, _layer))


def _layer(layer: Any) -> Any:
    return _inside(layer, lambda known: _at(known, "outputs", _outputs))


def _outputs(outputs: Any) -> Any:
    return _inside(outputs, lambda known: _each(outputs_to_mapping(known), _output))


def _output(output: Any) -> Any:
    return _inside(output, lambda known: _at(known, "storage_config", _storage_config))


def _storage_config(config: Any) -> Any:
    return _inside(
        config,
        lambda known: with_secret_credentials(known) if isinstance(known, Mapping) else known,
    )


def _inside(value: Any, convert: Callable[[Any], Any]) -> Any:
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: convert(_plain(known)))
    return convert(_plain(value))


def _plain(value: Any) -> Any:
    keys = args_to_dict(value)
    return value if keys is None else keys


def _each(value: Any, convert: Callable[[Any], Any]) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: convert(inner) for key, inner in value.items()}


def _at(value: Any, key: str, convert: Callable[[Any], Any]) -> Any:
    if not isinstance(value, Mapping) or value.get(key) is None:
        return value
    return {**value, key: convert(value[key])}
