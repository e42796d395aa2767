"""What is declared of every bucket of a cloud that speaks S3."""

from __future__ import annotations

from typing import Literal

from realtimekit_provider.schema.numbers import Days
from realtimekit_provider.storage.backends.base_models import BucketModel

__all__ = ["S3BucketModel"]


class S3BucketModel(BucketModel):
    """A private bucket with lifecycle rules.

    ``public_access`` has one value: it is here so that a refresh shows when somebody opened the
    bucket, and the next deployment closes it again.
    """

    public_access: Literal["blocked"] = "blocked"
    abort_uploads_days: Days | None = 7
