"""What is declared of S3 storage."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from realtimekit_provider.schema.credentials import AccessKey
from realtimekit_provider.schema.storage_names import RegionName, check_kms_key
from realtimekit_provider.schema.values import INCOMPLETE_PAIR, Flag
from realtimekit_provider.storage.backends.aws.partitions import get_partition
from realtimekit_provider.storage.backends.base_models import (
    BucketWriterModel,
    DeclarationModel,
    KeyModel,
    PrefixModel,
)
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = ["AwsDeclaration", "AwsLocation", "AwsWriter"]


def _check_kms_key(arn: str, region: str | None) -> str:
    """Return the ARN of a KMS key in the region and its partition, in any where it is unknown."""
    check_kms_key(arn, region)
    partition = arn.split(":")[1]
    if region is not None and partition != get_partition(region).name:
        raise ValueError(
            f"must begin with 'arn:{get_partition(region).name}:', since the bucket's region "
            f"{region} is of that partition: this one begins with 'arn:{partition}:'"
        )
    return arn


class AwsLocation(S3BucketModel):
    """An S3 bucket: private, encrypted, owner-enforced, TLS only.

    ``ownership`` has one value: it is here so that a refresh shows when somebody changed it, and
    the next deployment changes it back.
    """

    identity_fields: ClassVar[tuple[str, ...]] = ("bucket",)
    replace_on: ClassVar[frozenset[str]] = frozenset({"bucket", "region"})

    type: Literal["aws"] = "aws"
    ownership: Literal["BucketOwnerEnforced"] = "BucketOwnerEnforced"
    encryption: str = "AES256"
    tls_only: Flag = True
    versioning: Flag = False

    @field_validator("encryption")
    @classmethod
    def _check_encryption(cls, encryption: str, info: ValidationInfo) -> str:
        if encryption in {"AES256", "aws:kms"}:
            return encryption
        if not encryption.startswith("arn:"):
            raise ValueError("must be AES256, aws:kms or the ARN of a KMS key")
        return _check_kms_key(encryption, info.data.get("region"))


class AwsWriter(BucketWriterModel):
    """An IAM user with ``s3:PutObject`` and ``s3:AbortMultipartUpload`` below the prefix."""

    replace_on: ClassVar[frozenset[str]] = frozenset({"name", "bucket", "prefix", "region"})

    type: Literal["aws"] = "aws"
    region: RegionName
    kms_key: str | None = None

    @field_validator("kms_key")
    @classmethod
    def _check_key(cls, arn: str | None, info: ValidationInfo) -> str | None:
        return arn and _check_kms_key(arn, info.data.get("region"))


class AwsDeclaration(AwsLocation, PrefixModel, KeyModel, DeclarationModel):
    """The arguments of ``AwsRecordingBucket``, and storage of type ``aws`` in a stack's config."""

    access_key: AccessKey | None = None
    secret: Annotated[AccessKey | None, Field(validate_default=True)] = None

    @field_validator("secret")
    @classmethod
    def _check_pair(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if "access_key" in info.data and (info.data["access_key"] is None) != (secret is None):
            reason = (
                "is required with access_key" if secret is None else "needs access_key beside it"
            )
            raise PydanticCustomError(INCOMPLETE_PAIR, reason)
        return secret
