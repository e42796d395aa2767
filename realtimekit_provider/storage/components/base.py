"""What the five components share: location, writer and gate, each made of the former's outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pulumi

from realtimekit_provider.engine.input_values import map_input, share_input
from realtimekit_provider.engine.registration import shorten_stack_traces
from realtimekit_provider.schema.values import StrictModel, list_defaults
from realtimekit_provider.storage.backends.registry import (
    get_component_class,
    get_declaration_model,
    get_location_model,
    get_writer_model,
)
from realtimekit_provider.storage.gate.resource import StorageGate
from realtimekit_provider.storage.location.resource import StorageLocation
from realtimekit_provider.storage.writer.resource import StorageWriter

__all__ = ["RecordingStorage", "none_if_empty", "strip_slashes"]

_MAX_NAME_LENGTH = 32


class RecordingStorage(pulumi.ComponentResource):
    """Storage that recordings are written to, from the location to the gate."""

    storage_config: Mapping[str, pulumi.Output[Any]]
    """What a layer's output takes as its ``storage_config``; credentials in it are secret."""

    gate: StorageGate
    """The gate: recordings that use ``storage_config`` are stopped before it waits."""

    def _register(
        self,
        storage_type: str,
        name: str,
        arguments: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> dict[str, Any]:
        """Register a component, and return its arguments as its parts take them.

        Called by each constructor, in place of ``super``: see :mod:`engine.registration`.

        Args:
            storage_type: The type of storage, whose declaration model has the defaults.
            name: The component's name in the stack.
            arguments: What the constructor was given.
            opts: Pulumi's options.

        Returns:
            The same keys. What was left out (``None``) has its default, and each argument can be
            given to several resources.
        """
        class_name = get_component_class(storage_type).__name__
        with shorten_stack_traces():
            pulumi.ComponentResource.__init__(
                self, f"realtimekit:storage:{class_name}", name, None, opts
            )
        self._component_name = name
        self._storage_type = storage_type
        defaults = list_defaults(get_declaration_model(storage_type))
        return {
            key: defaults.get(key) if value is None else share_input(value)
            for key, value in arguments.items()
        }

    def _declare_location(
        self, given: Mapping[str, Any], *, credential_is_given: bool = False
    ) -> StorageLocation:
        """Declare the bucket, container or folder.

        Args:
            given: The component's arguments; the fields of the type's location model count.
            credential_is_given: Whether recordings are written with a credential of the user's
                own: of a location that exists then nothing is asked with an administrator's.
        """
        location = self._select_fields(given, get_location_model(self._storage_type))
        if credential_is_given:
            location["without_administrator"] = True
        options = pulumi.ResourceOptions(parent=self)
        return StorageLocation(f"{self._component_name}-location", location, options)

    def _declare_writer(self, given: Mapping[str, Any], **outputs: Any) -> StorageWriter:
        """Declare the writer.

        Args:
            given: The component's arguments; the fields of the type's writer model count, and
                ``key_generation`` and ``apps``.
            **outputs: Fields that are outputs of the location, or made of an argument.
        """
        writer = {
            "name": _format_writer_name(self._component_name),
            **self._select_fields(given, get_writer_model(self._storage_type)),
            "key_generation": given["key_generation"],
            "apps": given["apps"],
            **outputs,
        }
        options = pulumi.ResourceOptions(parent=self)
        return StorageWriter(f"{self._component_name}-writer", writer, options)

    def _declare_gate(
        self,
        given: Mapping[str, Any],
        storage_config: Mapping[str, Any],
        *,
        credential_is_given: bool = True,
    ) -> None:
        """Declare the gate.

        Args:
            given: The component's arguments; the gate's own count.
            storage_config: The storage, as a layer takes it, without its ``type``.
            credential_is_given: Whether it is the user's own, and not a writer's of this stack.
        """
        config: dict[str, Any] = {"type": self._storage_type, **storage_config}
        self.gate = StorageGate(
            f"{self._component_name}-gate",
            storage_config=config,
            host_key=given.get("host_key"),
            endpoint=given.get("endpoint"),
            created_by_stack=not credential_is_given,
            apps=given["apps"],
            write_test=given["write_test"],
            upload_deadline=given["upload_deadline"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.storage_config = self.gate.storage_config
        self.register_outputs({})

    def _select_fields(self, given: Mapping[str, Any], model: type[StrictModel]) -> dict[str, Any]:
        fields = {key: value for key, value in given.items() if key in model.model_fields}
        return {"type": self._storage_type, **fields}


def strip_slashes(prefix: Any) -> Any:
    """Return a prefix, or an output of it, without a slash at either end.

    A value of another type is left as it is, for ``check`` to report with its path.
    """
    return map_input(prefix, lambda known: known.strip("/") if isinstance(known, str) else known)


def none_if_empty(text: Any) -> Any:
    """Return a text, or an output of it, and ``None`` instead of the empty text."""
    return map_input(text, lambda known: None if known == "" else known)


def _format_writer_name(component_name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", component_name.lower()).strip("-")
    return (plain if plain[:1].isalpha() else f"rtk-{plain}")[:_MAX_NAME_LENGTH].rstrip("-")
