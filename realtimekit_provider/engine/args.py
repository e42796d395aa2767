"""Typed arguments for layers and their outputs; plain dicts with the same keys do as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

import pulumi

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.redaction import HIDDEN

__all__ = [
    "AwsStorageConfigArgs",
    "AzureStorageConfigArgs",
    "DigitalOceanStorageConfigArgs",
    "GcsStorageConfigArgs",
    "LayerArgs",
    "OutputArgs",
    "SftpStorageConfigArgs",
    "StorageConfigArgs",
    "args_to_dict",
]


def args_to_dict(args: object) -> dict[str, Any] | None:
    """Return the API's keys and values of an Args object, ``None`` for anything else."""
    if not isinstance(args, (LayerArgs, OutputArgs, *_STORAGE_CONFIGS)):
        return None
    values = {each.name: getattr(args, each.name) for each in fields(args)}
    if isinstance(args, _STORAGE_CONFIGS):
        values["type"] = args.type
    return {name: value for name, value in values.items() if value is not None}


class _Discreet:
    """Shows itself like any dataclass, with the credentials of plain dicts inside it hidden."""

    def __repr__(self) -> str:
        shown = {name: _discreet(value) for name, value in vars(self).items()}
        listed = ", ".join(f"{name}={value!r}" for name, value in shown.items())
        return f"{type(self).__name__}({listed})"


def _discreet(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if key in SECRET_KEYS and inner is not None else _discreet(inner)
            for key, inner in value.items()
        }
    return [_discreet(inner) for inner in value] if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True, kw_only=True)
class AwsStorageConfigArgs:
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


@dataclass(frozen=True, kw_only=True)
class DigitalOceanStorageConfigArgs:
    """A Spaces bucket, written to with a Spaces key.

    Attributes:
        access_key: The Spaces key's id; a credential.
        secret: The Spaces key's secret; a credential.
        bucket: The bucket's name.
        region: Its region as the API writes it, such as ``SGP1``.
        path: Where below the bucket's root the files go.
    """

    type: ClassVar[str] = "digitalocean"
    access_key: pulumi.Input[str] = field(repr=False)
    secret: pulumi.Input[str] = field(repr=False)
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: pulumi.Input[str] | None = None


@dataclass(frozen=True, kw_only=True)
class GcsStorageConfigArgs:
    """A Cloud Storage bucket, written to by a service account.

    Attributes:
        secret: The service account's key file, as JSON text; a credential.
        bucket: The bucket's name.
        region: Its location, such as ``us-east1``.
        path: Where below the bucket's root the files go.
    """

    type: ClassVar[str] = "gcs"
    secret: pulumi.Input[str] = field(repr=False)
    bucket: pulumi.Input[str]
    region: pulumi.Input[str]
    path: pulumi.Input[str] | None = None


@dataclass(frozen=True, kw_only=True)
class AzureStorageConfigArgs:
    """A blob container, written to with a connection string.

    Attributes:
        access_key: The storage account's connection string; a credential.
        bucket: The container's name.
        path: Where below the container's root the files go.
        secret: Nothing, or the empty string that Cloudflare's guide sends.
        region: Nothing, or the empty string that Cloudflare's guide sends.
    """

    type: ClassVar[str] = "azure"
    access_key: pulumi.Input[str] = field(repr=False)
    bucket: pulumi.Input[str]
    path: pulumi.Input[str] | None = None
    secret: pulumi.Input[str] | None = field(default=None, repr=False)
    region: pulumi.Input[str] | None = None


@dataclass(frozen=True, kw_only=True)
class SftpStorageConfigArgs:
    """A folder on an SFTP server.

    Attributes:
        host: The server's name or address.
        port: Its port, from 1 to 65535.
        username: The user to log in as.
        path: The folder that the files go to.
        auth_method: ``KEY`` or ``PASSWORD``.
        password: The user's password; under ``KEY`` the private key's passphrase; a credential.
        private_key: The private key in OpenSSH or PEM form, under ``KEY``; a credential.
    """

    type: ClassVar[str] = "sftp"
    host: pulumi.Input[str]
    port: pulumi.Input[int]
    username: pulumi.Input[str]
    path: pulumi.Input[str]
    auth_method: pulumi.Input[Literal["KEY", "PASSWORD"]]
    password: pulumi.Input[str] | None = field(default=None, repr=False)
    private_key: pulumi.Input[str] | None = field(default=None, repr=False)


_STORAGE_CONFIGS = (
    AwsStorageConfigArgs,
    AzureStorageConfigArgs,
    DigitalOceanStorageConfigArgs,
    GcsStorageConfigArgs,
    SftpStorageConfigArgs,
)

StorageConfigArgs = (
    AwsStorageConfigArgs
    | AzureStorageConfigArgs
    | DigitalOceanStorageConfigArgs
    | GcsStorageConfigArgs
    | SftpStorageConfigArgs
)


@dataclass(frozen=True, kw_only=True, repr=False)
class OutputArgs(_Discreet):
    """One destination of a layer's file.

    Attributes:
        type: ``REALTIMEKIT_BUCKET``, Cloudflare's own bucket, where files stay for seven
            days; or ``STORAGE_CONFIG``, storage of one's own.
        storage_config: The storage, for ``STORAGE_CONFIG``.
    """

    type: pulumi.Input[Literal["REALTIMEKIT_BUCKET", "STORAGE_CONFIG"]]
    storage_config: pulumi.Input[StorageConfigArgs | Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class LayerArgs(_Discreet):
    """A layer: tracks of the meeting, and where their file goes.

    Attributes:
        file_name_prefix: What the file's name begins with: letters, digits and ``_``. The
            word ``{mark}`` in it stands for a short hash that proves whose recording it is.
            Made of stack, resource, layer and that hash where it is left out.
        outputs: The destinations; Cloudflare's own bucket where they are left out.
        media_kind: ``audio``; only with ``realtimekit:trackApi`` ``managed``.
    """

    file_name_prefix: pulumi.Input[str] | None = None
    outputs: pulumi.Input[Sequence[pulumi.Input[OutputArgs | Mapping[str, Any]]]] | None = None
    media_kind: pulumi.Input[Literal["audio"]] | None = None
