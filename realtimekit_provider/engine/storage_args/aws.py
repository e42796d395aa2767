"""An S3 bucket as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from realtimekit_provider.engine.args import StorageConfigArgs

__all__ = ["AwsStorageConfigArgs"]


@dataclass(frozen=True, kw_only=True)
class AwsStorageConfigArgs(StorageConfigArgs):
    """An S3 bucket, written to with an access key.

    Attributes:
        access_key: The access key's id; a credential.
        secret: The access key's secret; a credential.
        bucket: The bucket's name.
        region: Its region, such as ``us-east-1``.
        path: Where below the bucket's root the files go.
    """

    type: ClassVar[str] = "aws"
    access_key: pulumi.Input[str] = field(repr=False)
    secret: pulumi.Input[str] = field(repr=False)
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: pulumi.Input[str] | None = None
