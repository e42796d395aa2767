"""What the five components share: location, writer and gate, each made of the former's outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from realtimekit_provider.engine.input_values import map_input
from realtimekit_provider.engine.registration import shorten_stack_traces
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

    def _register(self, type_name: str, name: str, opts: pulumi.ResourceOptions | None) -> None:
        """Register a component, whose type is named like its class: ``AwsRecordingBucket``.

        Called by each constructor, in place of ``super``: see :mod:`engine.registration`.
        """
        with shorten_stack_traces():
            pulumi.ComponentResource.__init__(
                self, f"realtimekit:storage:{type_name}", name, None, opts
            )
        self._component_name = name

    def _declare_location(
        self, location: Mapping[str, Any], *, credential_is_given: bool = False
    ) -> StorageLocation:
        """Declare the bucket or container.

        Args:
            location: The fields of the type's location model.
            credential_is_given: Whether recordings are written with a credential of the user's
                own: of a location that exists then nothing is asked with an administrator's.
        """
        options = pulumi.ResourceOptions(parent=self)
        given = {**location, "without_administrator": True} if credential_is_given else location
        return StorageLocation(f"{self._component_name}-location", given, options)

    def _declare_writer(self, writer: Mapping[str, Any]) -> StorageWriter:
        options = pulumi.ResourceOptions(parent=self)
        named = {"name": _format_writer_name(self._component_name), **writer}
        return StorageWriter(f"{self._component_name}-writer", named, options)

    def _declare_gate(
        self,
        storage_config: Mapping[str, Any],
        *,
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None,
        write_test: pulumi.Input[bool],
        upload_deadline: pulumi.Input[float],
        host_key: pulumi.Input[str] | None = None,
        endpoint: pulumi.Input[str] | None = None,
        credential_is_given: bool = True,
    ) -> None:
        """Declare the gate.

        Args:
            storage_config: The storage, as a layer takes it.
            apps: Whose recordings may write there.
            write_test: Whether the gate checks the credential by writing with it.
            upload_deadline: Seconds that its delete waits for the last upload.
            host_key: The SFTP server's public host key.
            endpoint: Where Spaces is, if not at the region's own address.
            credential_is_given: Whether it is the user's own, and not a writer's of this stack.
        """
        self.gate = StorageGate(
            f"{self._component_name}-gate",
            storage_config=storage_config,
            host_key=host_key,
            endpoint=endpoint,
            created_by_stack=not credential_is_given,
            apps=apps,
            write_test=write_test,
            upload_deadline=upload_deadline,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.storage_config = self.gate.storage_config
        self.register_outputs({})


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
