"""What is declared of Cloud Storage."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import ValidationInfo, field_validator

from realtimekit_provider.schema.credentials import ServiceAccountKey
from realtimekit_provider.schema.storage_names import ProjectId, check_gcs_bucket_name
from realtimekit_provider.schema.values import Flag
from realtimekit_provider.storage.backends.base_models import (
    BucketModel,
    BucketWriterModel,
    DeclarationModel,
    KeyModel,
    PrefixModel,
)

__all__ = ["GcsDeclaration", "GcsLocation", "GcsWriter"]


class GcsLocation(BucketModel):
    """A Cloud Storage bucket: uniform access, public access prevented."""

    identity_fields: ClassVar[tuple[str, ...]] = ("bucket",)
    replace_on: ClassVar[frozenset[str]] = frozenset({"bucket", "region", "project"})

    type: Literal["gcs"] = "gcs"
    project: ProjectId
    public_access: Literal["blocked"] = "blocked"
    uniform_access: Literal[True] = True
    versioning: Flag = False

    @field_validator("bucket")
    @classmethod
    def _check_new_bucket(cls, name: str, info: ValidationInfo) -> str:
        return name if info.data.get("existing", True) else check_gcs_bucket_name(name)


class GcsWriter(BucketWriterModel):
    """A service account with ``roles/storage.objectCreator`` on the bucket below the prefix."""

    replace_on: ClassVar[frozenset[str]] = frozenset({"name", "bucket", "prefix", "project"})

    type: Literal["gcs"] = "gcs"
    project: str


class GcsDeclaration(GcsLocation, PrefixModel, KeyModel, DeclarationModel):
    """The arguments of ``GcsRecordingBucket``, and storage of type ``gcs`` in a stack's config."""

    key: ServiceAccountKey | None = None
