"""What is declared of the writers: identities that can write below a prefix and nothing else.

Each generation of a writer's key has an identity of its own, so that an old one stays valid
while recordings that were started with it still write.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from realtimekit_provider.schema.numbers import Days
from realtimekit_provider.schema.storage_names import BucketName, ObjectPath, RegionName
from realtimekit_provider.schema.values import StrictModel

__all__ = ["AwsWriter", "AzureWriter", "GcsWriter", "Writer"]


class _Writer(StrictModel):
    """What all writers have in common.

    ``name`` begins the identity's name in the cloud; ``mark`` makes it this stack's own.
    ``prefix`` is the folder below which it may write, without a slash at either end; empty
    for the whole bucket.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    mark: str
    bucket: BucketName
    prefix: ObjectPath = ""


class AwsWriter(_Writer):
    """An IAM user with ``s3:PutObject`` and ``s3:AbortMultipartUpload`` below the prefix."""

    kind: Literal["aws"] = "aws"
    region: RegionName
    partition: Annotated[str, Field(pattern=r"^aws[a-z-]*$")] = "aws"
    kms_key: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:\S+$")] | None = None


class GcsWriter(_Writer):
    """A service account with ``roles/storage.objectCreator`` on the bucket below the prefix."""

    kind: Literal["gcs"] = "gcs"
    project: str


class AzureWriter(_Writer):
    """A SAS with create and write on the container, revocable by its stored access policy."""

    kind: Literal["azure"] = "azure"
    account: str
    valid_days: Days = 365


Writer = Annotated[AwsWriter | AzureWriter | GcsWriter, Field(discriminator="kind")]
