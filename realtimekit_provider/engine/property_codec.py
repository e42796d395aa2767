"""Converting Pulumi's property bags to the mappings that the rest of the package uses, and back.

What the engine stores keeps credentials out of lists: a secret inside a list would hide the
whole list from a reviewer. So to the engine a layer's outputs are a mapping by position, ``"0"``,
``"1"``, and a list everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from realtimekit_provider.schema.unknown import UNKNOWN

__all__ = ["decode", "encode", "outputs_to_list", "outputs_to_mapping"]

_PROVIDER = "__provider"


def decode(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the engine sent: whole numbers as ``int``, a layer's outputs as lists.

    Unknown values are :data:`~realtimekit_provider.schema.unknown.UNKNOWN`; the pickled provider
    is left out.
    """
    plain = {key: _decode_value(value) for key, value in props.items() if key != _PROVIDER}
    return _convert_outputs(plain, _decode_outputs)


def encode(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the engine is to store: outputs as mappings, unknown values as Pulumi's."""
    encoded = {key: _encode_value(value) for key, value in values.items()}
    return _convert_outputs(encoded, outputs_to_mapping)


def outputs_to_list(outputs: Any) -> Any:
    """Return the values of a mapping by position as a list; anything else as it is."""
    if not isinstance(outputs, Mapping):
        return outputs
    positions = [str(position) for position in range(len(outputs))]
    if set(outputs) != set(positions):
        return outputs
    return [outputs[position] for position in positions]


def outputs_to_mapping(outputs: Any) -> Any:
    """Return a list as a mapping by position; anything else as it is."""
    if not isinstance(outputs, (list, tuple)):
        return outputs
    return {str(position): output for position, output in enumerate(outputs)}


def _decode_outputs(outputs: Any) -> Any:
    listed = outputs_to_list(outputs)
    return [_drop_empty_keys(output) for output in listed] if isinstance(listed, list) else listed


def _drop_empty_keys(output: Any) -> Any:
    # A gate in front of an output passes on every key that there is, most of them empty.
    config = output.get("storage_config") if isinstance(output, Mapping) else None
    if not isinstance(config, Mapping):
        return output
    filled = {key: value for key, value in config.items() if value is not None}
    return {**output, "storage_config": filled}


def _convert_outputs(values: dict[str, Any], convert: Callable[[Any], Any]) -> dict[str, Any]:
    layers = values.get("layers")
    if not isinstance(layers, Mapping):
        return values
    converted = {
        name: {**layer, "outputs": convert(layer["outputs"])}
        if isinstance(layer, Mapping) and "outputs" in layer
        else layer
        for name, layer in layers.items()
    }
    return {**values, "layers": converted}


def _decode_value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, pulumi.output.Unknown):
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _decode_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_decode_value(inner) for inner in value]
    return value


def _encode_value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if value is UNKNOWN:
        return pulumi.output.UNKNOWN
    if isinstance(value, Mapping):
        return {key: _encode_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_encode_value(inner) for inner in value]
    return value
