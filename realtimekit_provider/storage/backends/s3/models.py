"""What is declared of every bucket of a cloud that speaks S3."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationInfo, field_validator

from realtimekit_provider.schema.numbers import Days
from realtimekit_provider.schema.storage_names import check_s3_bucket_name
from realtimekit_provider.storage.backends.base_models import BucketModel

__all__ = ["S3BucketModel"]


class S3BucketModel(BucketModel):
    """A private bucket with lifecycle rules.

    ``public_access`` has one value: it is here so that a refresh shows when somebody opened the
    bucket, and the next deployment closes it again.
    """

    public_access: Literal["blocked"] = "blocked"
    abort_uploads_days: Days | None = 7

    @field_validator("bucket")
    @classmethod
    def _check_new_bucket(cls, name: str, info: ValidationInfo) -> str:
        return name if info.data.get("existing", True) else check_s3_bucket_name(name)
