"""The resource ``StorageWriter``, as a program declares it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from realtimekit_provider.engine.options import with_delete_before_replace
from realtimekit_provider.engine.secret_inputs import require_encrypted_token
from realtimekit_provider.engine.urn import compute_urn, mark_for_urn
from realtimekit_provider.providers import StorageWriterProvider

__all__ = ["StorageWriter"]


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
        require_encrypted_token()
        urn = compute_urn(resource_name, "StorageWriter", opts)
        inputs = {
            "access_key": None,
            "secret": None,
            **writer,
            "resource_urn": urn,
            "mark": mark_for_urn(urn),
        }
        hidden = pulumi.ResourceOptions(additional_secret_outputs=["access_key", "secret"])
        merged = pulumi.ResourceOptions.merge(with_delete_before_replace(opts), hidden)
        super().__init__(StorageWriterProvider(), resource_name, inputs, merged)
