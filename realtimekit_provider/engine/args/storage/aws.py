"""An S3 bucket as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi
from typing_extensions import NotRequired, TypedDict

from realtimekit_provider.engine.args.base import StorageConfigArgs

__all__ = ["AwsStorageConfigArgs", "AwsStorageConfigArgsDict"]


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


class AwsStorageConfigArgsDict(TypedDict):
    """An S3 bucket, as a dict with the keys of :class:`AwsStorageConfigArgs`."""

    type: pulumi.Input[Literal["aws"]]
    access_key: pulumi.Input[str]
    secret: pulumi.Input[str]
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: NotRequired[pulumi.Input[str] | None]
