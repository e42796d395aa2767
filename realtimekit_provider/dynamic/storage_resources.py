"""The resources behind a recording's storage: place, writer and gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from realtimekit_provider.dynamic.args import StorageConfigArgs, keys_of
from realtimekit_provider.dynamic.credentials import (
    refuse_a_token_in_clear,
    with_secret_credentials,
)
from realtimekit_provider.dynamic.identity import mark_from, urn_of
from realtimekit_provider.dynamic.options import deleted_first
from realtimekit_provider.dynamic.storage_gate_provider import StorageGateProvider
from realtimekit_provider.dynamic.storage_place_provider import StoragePlaceProvider
from realtimekit_provider.dynamic.storage_writer_provider import StorageWriterProvider
from realtimekit_provider.lifecycle.policies import UPLOAD_DEADLINE
from realtimekit_provider.redaction import SECRET_KEYS
from realtimekit_provider.wire.storage import TARGET_KEYS

__all__ = ["StorageGate", "StoragePlace", "StorageWriter"]

_CONFIG_KEYS = (*TARGET_KEYS, "auth_method", *sorted(SECRET_KEYS))


class StoragePlace(Resource, module="realtimekit", name="StoragePlace"):
    """A bucket, container or folder; the inputs are those of its kind in ``wire/places.py``."""

    bucket: pulumi.Output[str]
    """The bucket or container."""

    region: pulumi.Output[str]
    """The bucket's region."""

    path: pulumi.Output[str]
    """The folder, on an SFTP server."""

    def __init__(
        self,
        resource_name: str,
        place: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a place of the kind that ``place["kind"]`` names.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` stands in the stack's config in clear.
        """
        refuse_a_token_in_clear()
        urn = urn_of(resource_name, "StoragePlace", opts)
        inputs = {**with_secret_credentials(place), "resource_urn": urn}
        super().__init__(StoragePlaceProvider(), resource_name, inputs, deleted_first(opts))


class StorageWriter(Resource, module="realtimekit", name="StorageWriter"):
    """An identity that can write below a prefix; its inputs are those in ``wire/writers.py``."""

    bucket: pulumi.Output[str]
    """The bucket or container that it may write to.

    A gate takes its bucket from here: a writer that is to be replaced has none, so the engine
    replaces gate and recordings before it, and no key goes while a file is still written with it.
    """

    access_key: pulumi.Output[str | None]
    """The current key's id, or a connection string; secret."""

    secret: pulumi.Output[str | None]
    """The current key's secret, or a key file; secret."""

    def __init__(
        self,
        resource_name: str,
        writer: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a writer of the kind that ``writer["kind"]`` names.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` stands in the stack's config in clear.
        """
        refuse_a_token_in_clear()
        urn = urn_of(resource_name, "StorageWriter", opts)
        inputs = {
            "access_key": None,
            "secret": None,
            **writer,
            "resource_urn": urn,
            "mark": mark_from(urn),
        }
        hidden = pulumi.ResourceOptions(additional_secret_outputs=["access_key", "secret"])
        merged = pulumi.ResourceOptions.merge(deleted_first(opts), hidden)
        super().__init__(StorageWriterProvider(), resource_name, inputs, merged)


class StorageGate(Resource, module="realtimekit", name="StorageGate"):
    """Stands between a credential and the recordings that are started with it.

    When it is made, it proves that the very credential writes at the very path. When it is
    deleted, it waits once until no recording that writes there is active or uploading: what
    its ``storage_config`` was made of goes only after that.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        storage_config: pulumi.Input[StorageConfigArgs | Mapping[str, Any]],
        host_key: pulumi.Input[str] | None = None,
        apps: Sequence[Mapping[str, pulumi.Input[str]]] | None = None,
        write_test: pulumi.Input[bool] = True,
        upload_deadline: pulumi.Input[float] = UPLOAD_DEADLINE,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a gate in front of any storage, one's own or another provider's.

        Args:
            resource_name: The resource's name in the stack.
            storage_config: The storage, as a layer takes it; parts may be outputs.
            host_key: The SFTP server's public host key; required for ``sftp``.
            apps: Whose recordings may write there, as ``{"account_id": …, "app_id": …}``;
                the stack's own app where it is left out.
            write_test: Whether to prove the credential by writing with it.
            upload_deadline: Seconds that the delete waits for the last upload; 900 by default.
            opts: Pulumi's options.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` stands in the stack's config in clear.
        """
        refuse_a_token_in_clear()
        config = _keys(storage_config)
        inputs = {
            **with_secret_credentials(config),
            "host_key": host_key,
            "apps": apps,
            "write_test": write_test,
            "upload_deadline": upload_deadline,
            "resource_urn": urn_of(resource_name, "StorageGate", opts),
        }
        self._given = [key for key in _CONFIG_KEYS if config.get(key) is not None]
        super().__init__(StorageGateProvider(), resource_name, inputs, deleted_first(opts))

    @property
    def storage_config(self) -> dict[str, pulumi.Output[Any]]:
        """The storage as a layer takes it: a mapping of outputs, so that only credentials hide."""
        return {key: getattr(self, key) for key in self._given}


def _keys(storage_config: Any) -> dict[str, Any]:
    if isinstance(storage_config, pulumi.Output):
        return {key: _at(storage_config, key) for key in _CONFIG_KEYS}
    known = keys_of(storage_config)
    return dict(storage_config) if known is None else known


def _at(storage_config: pulumi.Output[Any], key: str) -> pulumi.Output[Any]:
    return storage_config.apply(lambda known: (keys_of(known) or known).get(key))
