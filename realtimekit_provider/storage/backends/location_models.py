"""What is declared of the places that recordings are written to, by the kind of storage."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from realtimekit_provider.api.models.storage_config import SftpLogin
from realtimekit_provider.schema.credentials import HostKey
from realtimekit_provider.schema.hosts import Endpoint
from realtimekit_provider.schema.numbers import Days, Port
from realtimekit_provider.schema.storage_names import BucketName, RegionName
from realtimekit_provider.schema.values import Flag, StrictModel

__all__ = [
    "AwsLocation",
    "AzureLocation",
    "GcsLocation",
    "Location",
    "OnDeleteLocation",
    "SftpLocation",
    "SpacesLocation",
]

OnDeleteLocation = Literal["keep", "fail", "force"]


class _Place(StrictModel):
    """What all places have in common.

    ``existing`` says that the location is somebody else's: it is neither made, changed nor
    deleted. ``on_delete`` says what becomes of one that holds objects when it is no longer
    declared: ``keep`` it and warn, ``fail``, or ``force`` its deletion.
    """

    existing: Flag = False
    on_delete: OnDeleteLocation = "keep"


class _Bucket(_Place):
    bucket: BucketName
    region: RegionName
    retention_days: Days | None = None


class AwsLocation(_Bucket):
    """An S3 bucket: private, require_encrypted, owner-enforced, TLS only.

    ``public_access`` and ``ownership`` have one value each: they are here so that a refresh
    shows when somebody opened the bucket, and the next deployment closes it again.
    """

    kind: Literal["aws"] = "aws"
    public_access: Literal["blocked"] = "blocked"
    ownership: Literal["BucketOwnerEnforced"] = "BucketOwnerEnforced"
    encryption: Annotated[str, Field(pattern=r"^(AES256|aws:kms|arn:aws[a-z-]*:kms:\S+)$")] = (
        "AES256"
    )
    tls_only: Flag = True
    versioning: Flag = False
    abort_uploads_days: Days | None = 7


class SpacesLocation(_Bucket):
    """A Spaces bucket: private, with a life cycle."""

    kind: Literal["digitalocean"] = "digitalocean"
    public_access: Literal["blocked"] = "blocked"
    abort_uploads_days: Days | None = 7
    endpoint: Endpoint | None = None


class GcsLocation(_Bucket):
    """A Cloud Storage bucket: uniform access, public access prevented."""

    kind: Literal["gcs"] = "gcs"
    project: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$")]
    public_access: Literal["blocked"] = "blocked"
    uniform_access: Literal[True] = True
    versioning: Flag = False


class AzureLocation(_Place):
    """A container in a storage account that exists, without public access."""

    kind: Literal["azure"] = "azure"
    account: Annotated[str, Field(pattern=r"^[a-z0-9]{3,24}$")]
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9](-?[a-z0-9]){2,62}$")]
    public_access: Literal["blocked"] = "blocked"


class SftpLocation(_Place, SftpLogin):
    """A folder on an SFTP server, made with the very login that recordings are written with."""

    kind: Literal["sftp"] = "sftp"
    port: Port = 22
    host_key: HostKey


Location = Annotated[
    AwsLocation | AzureLocation | GcsLocation | SftpLocation | SpacesLocation,
    Field(discriminator="kind"),
]
