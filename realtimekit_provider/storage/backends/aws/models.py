"""What is declared of S3 storage."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from realtimekit_provider.schema.numbers import KeyGeneration
from realtimekit_provider.schema.storage_names import ObjectPath, RegionName
from realtimekit_provider.schema.values import Flag
from realtimekit_provider.storage.backends.base_models import (
    BucketWriterModel,
    DeclarationModel,
)
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = ["AwsDeclaration", "AwsLocation", "AwsWriter"]


class AwsLocation(S3BucketModel):
    """An S3 bucket: private, encrypted, owner-enforced, TLS only.

    ``ownership`` has one value: it is here so that a refresh shows when somebody changed it, and
    the next deployment changes it back.
    """

    identity_fields: ClassVar[tuple[str, ...]] = ("bucket",)
    replace_on: ClassVar[frozenset[str]] = frozenset({"bucket", "region"})

    type: Literal["aws"] = "aws"
    ownership: Literal["BucketOwnerEnforced"] = "BucketOwnerEnforced"
    encryption: Annotated[str, Field(pattern=r"^(AES256|aws:kms|arn:aws[a-z-]*:kms:\S+)$")] = (
        "AES256"
    )
    tls_only: Flag = True
    versioning: Flag = False


class AwsWriter(BucketWriterModel):
    """An IAM user with ``s3:PutObject`` and ``s3:AbortMultipartUpload`` below the prefix."""

    replace_on: ClassVar[frozenset[str]] = frozenset({"name", "bucket", "prefix", "region"})

    type: Literal["aws"] = "aws"
    region: RegionName
    kms_key: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:\S+$")] | None = None


class AwsDeclaration(AwsLocation, DeclarationModel):
    """Storage of type ``aws`` in a stack's config."""

    prefix: ObjectPath = ""
    key_generation: KeyGeneration = 1
