"""Layers as a user writes them, converted for the engine.

Two things can only be done in the program, before the engine receives the values: marking
credentials as secret, and keeping them out of lists (see ``engine/property_codec.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from realtimekit_provider.engine.args.base import args_to_dict
from realtimekit_provider.engine.input_values import map_input
from realtimekit_provider.engine.property_codec import outputs_to_mapping
from realtimekit_provider.engine.secret_inputs import with_secret_credentials

__all__ = ["to_engine_layers"]


def to_engine_layers(layers: Any) -> Any:
    """Return layers with Args objects as mappings, credentials secret, and outputs by position.

    Any part may be a Pulumi output or an awaitable; what is not of the expected shape is left as
    it is, for ``check`` to report with its path.
    """
    return _convert(layers, lambda plain: _convert_values(plain, _convert_layer))


def _convert_layer(layer: Any) -> Any:
    return _convert(layer, lambda plain: _convert_key(plain, "outputs", _convert_outputs))


def _convert_outputs(outputs: Any) -> Any:
    return _convert(
        outputs, lambda plain: _convert_values(outputs_to_mapping(plain), _convert_output)
    )


def _convert_output(output: Any) -> Any:
    return _convert(
        output, lambda plain: _convert_key(plain, "storage_config", _convert_storage_config)
    )


def _convert_storage_config(config: Any) -> Any:
    return _convert(
        config,
        lambda plain: with_secret_credentials(plain) if isinstance(plain, Mapping) else plain,
    )


def _convert(value: Any, convert_plain: Callable[[Any], Any]) -> Any:
    return map_input(value, lambda known: convert_plain(_to_plain(known)))


def _to_plain(value: Any) -> Any:
    keys = args_to_dict(value)
    return value if keys is None else keys


def _convert_values(value: Any, convert: Callable[[Any], Any]) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: convert(inner) for key, inner in value.items()}


def _convert_key(value: Any, key: str, convert: Callable[[Any], Any]) -> Any:
    if not isinstance(value, Mapping) or value.get(key) is None:
        return value
    return {**value, key: convert(value[key])}
