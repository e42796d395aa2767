"""The resource ``StorageLocation``, as a program declares it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from realtimekit_provider.engine.registration import ProviderResource
from realtimekit_provider.engine.sdk_process import with_run_options
from realtimekit_provider.engine.secret_inputs import (
    require_encrypted_token,
    with_secret_credentials,
)
from realtimekit_provider.engine.urn import compute_urn
from realtimekit_provider.identity.resource import mark_for_urn
from realtimekit_provider.providers import StorageLocationProvider

__all__ = ["StorageLocation"]


class StorageLocation(ProviderResource, module="realtimekit", name="StorageLocation"):
    """A bucket, container or folder; its inputs are the fields of its type's location model."""

    bucket: pulumi.Output[str]
    """The bucket's name, where the type has buckets."""

    container: pulumi.Output[str]
    """The container's name, on Azure."""

    region: pulumi.Output[str]
    """The bucket's region, where the type has buckets."""

    path: pulumi.Output[str]
    """The folder, on an SFTP server."""

    def __init__(
        self,
        resource_name: str,
        location: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a location.

        Args:
            resource_name: The resource's name in the stack.
            location: The inputs; ``type`` names the type of storage.
            opts: Pulumi's options.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` stands in the stack's config in clear.
        """
        require_encrypted_token()
        urn = compute_urn(resource_name, "StorageLocation", opts)
        inputs = {
            **with_secret_credentials(location),
            "resource_urn": with_run_options(urn),
            "mark": mark_for_urn(urn),
        }
        self._register(StorageLocationProvider, resource_name, inputs, opts)
