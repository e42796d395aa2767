"""What a stack's config declares, section by section, before any of it is a resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from realtimekit_provider.engine.settings import Settings

__all__ = ["Declared", "Stack"]

Declared = Mapping[str, Mapping[str, Any]]
"""The resources that are declared already: by section, and in each by name."""


@dataclass(frozen=True)
class Stack:
    """What a stack declares, credentials as references.

    Attributes:
        sections: What is written under each key of the config, such as ``recordings``, by name.
        layers: What recordings take that leave out all their layers, or fields of one, by the
            layer's name; ``None`` where it is no mapping.
        settings: What the stack's config and the environment set for all of it.
    """

    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    layers: Mapping[str, Any] | None = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    @property
    def recordings(self) -> Mapping[str, Any]:
        """The recordings by name, with what the stack's layers add to theirs."""
        written = self.sections.get("recordings", {})
        shared = self.layers or {}
        return {name: _complete_recording(given, shared) for name, given in written.items()}

    @property
    def storage(self) -> Mapping[str, Any]:
        """The storage that outputs can name, by name."""
        return self.sections.get("storage", {})


def _complete_recording(given: Any, defaults: Mapping[str, Any]) -> Any:
    if not defaults or not isinstance(given, Mapping):
        return given
    layers = given.get("layers")
    if layers is None:
        return {**given, "layers": dict(defaults)}
    if not isinstance(layers, Mapping):
        return given
    completed = {name: _complete_layer(layer, defaults.get(name)) for name, layer in layers.items()}
    return {**given, "layers": completed}


def _complete_layer(layer: Any, default: Any) -> Any:
    if not isinstance(layer, Mapping) or not isinstance(default, Mapping):
        return layer
    return {**default, **{key: value for key, value in layer.items() if value is not None}}
