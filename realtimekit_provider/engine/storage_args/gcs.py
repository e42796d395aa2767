"""A Cloud Storage bucket as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from realtimekit_provider.engine.args import StorageConfigArgs

__all__ = ["GcsStorageConfigArgs"]


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
