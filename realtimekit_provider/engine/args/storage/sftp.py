"""A folder on an SFTP server as a layer's storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pulumi
from typing_extensions import NotRequired, TypedDict

from realtimekit_provider.engine.args.base import StorageConfigArgs

__all__ = ["SftpStorageConfigArgs", "SftpStorageConfigArgsDict"]


@dataclass(frozen=True, kw_only=True)
class SftpStorageConfigArgs(StorageConfigArgs):
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


class SftpStorageConfigArgsDict(TypedDict):
    """A folder on an SFTP server, as a dict with the keys of :class:`SftpStorageConfigArgs`."""

    type: pulumi.Input[Literal["sftp"]]
    host: pulumi.Input[str]
    port: pulumi.Input[int]
    username: pulumi.Input[str]
    path: pulumi.Input[str]
    auth_method: pulumi.Input[Literal["KEY", "PASSWORD"]]
    password: NotRequired[pulumi.Input[str] | None]
    private_key: NotRequired[pulumi.Input[str] | None]
