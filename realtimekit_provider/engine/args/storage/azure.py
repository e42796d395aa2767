"""A blob container as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi
from typing_extensions import NotRequired, TypedDict

from realtimekit_provider.engine.args.base import StorageConfigArgs

__all__ = ["AzureStorageConfigArgs", "AzureStorageConfigArgsDict"]


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


class AzureStorageConfigArgsDict(TypedDict):
    """A blob container, as a dict with the keys of :class:`AzureStorageConfigArgs`."""

    type: pulumi.Input[Literal["azure"]]
    access_key: pulumi.Input[str]
    bucket: pulumi.Input[str]
    path: NotRequired[pulumi.Input[str] | None]
    secret: NotRequired[pulumi.Input[str] | None]
    region: NotRequired[pulumi.Input[str] | None]
