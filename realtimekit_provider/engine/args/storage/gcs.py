"""A Cloud Storage bucket as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi
from typing_extensions import NotRequired, TypedDict

from realtimekit_provider.engine.args.base import StorageConfigArgs

__all__ = ["GcsStorageConfigArgs", "GcsStorageConfigArgsDict"]


@dataclass(frozen=True, kw_only=True)
class GcsStorageConfigArgs(StorageConfigArgs):
    """A Cloud Storage bucket, written to by a service account.

    Attributes:
        secret: The service account's key file, as JSON text; a credential.
        bucket: The bucket's name.
        region: Its location, such as ``us-east1``.
        path: Where below the bucket's root the files go.
    """

    type: ClassVar[str] = "gcs"
    secret: pulumi.Input[str] = field(repr=False)
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: pulumi.Input[str] | None = None


class GcsStorageConfigArgsDict(TypedDict):
    """A Cloud Storage bucket, as a dict with the keys of :class:`GcsStorageConfigArgs`."""

    type: pulumi.Input[Literal["gcs"]]
    secret: pulumi.Input[str]
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: NotRequired[pulumi.Input[str] | None]
