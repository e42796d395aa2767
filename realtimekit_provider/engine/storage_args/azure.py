"""A blob container as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from realtimekit_provider.engine.args import StorageConfigArgs

__all__ = ["AzureStorageConfigArgs"]


@dataclass(frozen=True, kw_only=True)
class AzureStorageConfigArgs(StorageConfigArgs):
    """A blob container, written to with a connection string.

    Attributes:
        access_key: The storage account's connection string; a credential.
        bucket: The container's name.
        path: Where below the container's root the files go.
        secret: Nothing, or the empty string that Cloudflare's guide sends.
        region: Nothing, or the empty string that Cloudflare's guide sends.
    """

    type: ClassVar[str] = "azure"
    access_key: pulumi.Input[str] = field(repr=False)
    bucket: pulumi.Input[str]
    path: pulumi.Input[str] | None = None
    secret: pulumi.Input[str] | None = field(default=None, repr=False)
    region: pulumi.Input[str] | None = None
