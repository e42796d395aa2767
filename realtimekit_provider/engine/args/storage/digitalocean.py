"""A Spaces bucket as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi
from typing_extensions import NotRequired, TypedDict

from realtimekit_provider.engine.args.base import StorageConfigArgs

__all__ = ["DigitalOceanStorageConfigArgs", "DigitalOceanStorageConfigArgsDict"]


@dataclass(frozen=True, kw_only=True)
class DigitalOceanStorageConfigArgs(StorageConfigArgs):
    """A Spaces bucket, written to with a Spaces key.

    Attributes:
        access_key: The Spaces key's id; a credential.
        secret: The Spaces key's secret; a credential.
        bucket: The bucket's name.
        region: Its region as the API writes it, such as ``SGP1``.
        path: Where below the bucket's root the files go.
    """

    type: ClassVar[str] = "digitalocean"
    access_key: pulumi.Input[str] = field(repr=False)
    secret: pulumi.Input[str] = field(repr=False)
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: pulumi.Input[str] | None = None


class DigitalOceanStorageConfigArgsDict(TypedDict):
    """A Spaces bucket, as a dict with the keys of :class:`DigitalOceanStorageConfigArgs`."""

    type: pulumi.Input[Literal["digitalocean"]]
    access_key: pulumi.Input[str]
    secret: pulumi.Input[str]
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: NotRequired[pulumi.Input[str] | None]
