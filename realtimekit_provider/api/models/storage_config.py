"""What a layer's ``storage_config`` may hold, by the type of storage.

Source: API reference, *Start recording audio and video tracks*, ``layers.*.outputs[]``.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator, model_validator
from typing_extensions import Self

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.schema.credentials import (
    AccessKey,
    ConnectionString,
    Password,
    PrivateKey,
    ServiceAccountKey,
    UserName,
    needs_passphrase,
)
from realtimekit_provider.schema.hosts import Host
from realtimekit_provider.schema.numbers import Port
from realtimekit_provider.schema.storage_names import BucketName, ObjectPath, RegionName
from realtimekit_provider.schema.values import StrictModel

__all__ = [
    "CREDENTIAL_KEYS",
    "TARGET_KEYS",
    "AwsStorageConfig",
    "AzureStorageConfig",
    "DigitalOceanStorageConfig",
    "GcsStorageConfig",
    "SftpLogin",
    "SftpStorageConfig",
    "StorageConfig",
]


class AwsStorageConfig(StrictModel):
    """An S3 bucket, written to with an access key."""

    type: Literal["aws"]
    access_key: AccessKey
    secret: AccessKey
    bucket: BucketName
    region: RegionName
    path: ObjectPath | None = None


class DigitalOceanStorageConfig(StrictModel):
    """A Spaces bucket, written to with a Spaces key; regions are written like ``SGP1``."""

    type: Literal["digitalocean"]
    access_key: AccessKey
    secret: AccessKey
    bucket: BucketName
    region: RegionName
    path: ObjectPath | None = None


class GcsStorageConfig(StrictModel):
    """A Cloud Storage bucket; ``secret`` is a service account's key file as JSON text."""

    type: Literal["gcs"]
    secret: ServiceAccountKey
    bucket: BucketName
    region: RegionName
    path: ObjectPath | None = None


class AzureStorageConfig(StrictModel):
    """A blob container; ``access_key`` is a connection string, ``bucket`` the container.

    Cloudflare's guide sends ``secret`` and ``region`` as empty strings; nothing else is
    accepted for them, since nothing else would be used.
    """

    type: Literal["azure"]
    access_key: ConnectionString
    bucket: BucketName
    secret: Literal[""] | None = None
    region: Literal[""] | None = None
    path: ObjectPath | None = None


class SftpLogin(StrictModel):
    """The login on an SFTP server, and the folder there."""

    host: Host
    port: Port
    username: UserName
    path: ObjectPath
    auth_method: Literal["KEY", "PASSWORD"]
    password: Password | None = None
    private_key: PrivateKey | None = None

    @field_validator("path")
    @classmethod
    def _check_home(cls, path: str) -> str:
        if path.startswith("~"):
            raise ValueError(
                "must not begin with '~', which SFTP takes for a folder of that name: a path "
                "without a slash at its start is in the user's home anyway"
            )
        return path

    @model_validator(mode="after")
    def _check_auth_method(self) -> Self:
        if self.auth_method == "KEY" and self.private_key is None:
            raise ValueError("auth_method KEY needs private_key")
        if self.auth_method == "PASSWORD" and self.password is None:
            raise ValueError("auth_method PASSWORD needs password")
        if self.auth_method == "PASSWORD" and self.private_key is not None:
            raise ValueError("private_key is only used with auth_method KEY")
        if self.private_key and self.password is None and needs_passphrase(self.private_key):
            raise ValueError("private_key is under a passphrase: give the passphrase as password")
        return self


class SftpStorageConfig(SftpLogin):
    """A folder on an SFTP server; under ``KEY``, ``password`` is the key's passphrase."""

    type: Literal["sftp"]


StorageConfig = Annotated[
    AwsStorageConfig
    | AzureStorageConfig
    | DigitalOceanStorageConfig
    | GcsStorageConfig
    | SftpStorageConfig,
    Field(discriminator="type"),
]
"""The ``storage_config`` of any type. A new type is a model in a module of its own, and a line
here: its tag, its fields and its keys follow from the model."""

CREDENTIAL_KEYS = tuple(sorted(SECRET_KEYS | {"auth_method"}))
"""The keys that can change without the files going elsewhere."""

TARGET_KEYS = tuple(
    dict.fromkeys(
        key
        for model in get_args(get_args(StorageConfig)[0])
        for key in model.model_fields
        if key not in CREDENTIAL_KEYS
    )
)
"""The keys that say *where* a file goes: ``type``, ``bucket``, ``path``, ``region``, ``host``,
``port``, ``username``. The others say with which credential."""
