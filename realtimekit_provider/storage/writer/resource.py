"""The resource ``StorageWriter``, as a program declares it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from realtimekit_provider.engine.input_values import replace_if_not_deployed
from realtimekit_provider.engine.registration import ProviderResource
from realtimekit_provider.engine.sdk_process import with_run_options
from realtimekit_provider.engine.secret_inputs import require_encrypted_token
from realtimekit_provider.engine.urn import compute_urn
from realtimekit_provider.identity.resource import mark_for_urn
from realtimekit_provider.providers import StorageWriterProvider

__all__ = ["StorageWriter"]


class StorageWriter(ProviderResource, module="realtimekit", name="StorageWriter"):
    """An identity that can write below a prefix; its inputs are the fields of its type's model.

    A gate takes bucket or container from here: they are unknown while the writer is to be
    replaced, so the engine replaces gate and recordings before it, and no key is deleted while a
    file is still written with it.
    """

    bucket: pulumi.Output[str]
    """The bucket that it may write to, where the type has buckets."""

    container: pulumi.Output[str]
    """The container that it may write to, on Azure."""

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
        """Declare a writer.

        Args:
            resource_name: The resource's name in the stack.
            writer: The inputs; ``type`` names the type of storage.
            opts: Pulumi's options.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` stands in the stack's config in clear.
        """
        require_encrypted_token()
        urn = compute_urn(resource_name, "StorageWriter", opts)
        inputs = {
            "access_key": None,
            "secret": None,
            **{key: replace_if_not_deployed(value) for key, value in writer.items()},
            "resource_urn": with_run_options(urn),
            "mark": mark_for_urn(urn),
        }
        secrets = pulumi.ResourceOptions(additional_secret_outputs=["access_key", "secret"])
        options = pulumi.ResourceOptions.merge(opts, secrets)
        self._register(StorageWriterProvider, resource_name, inputs, options)
