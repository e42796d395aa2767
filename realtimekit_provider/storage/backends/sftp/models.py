"""What is declared of SFTP storage."""

from __future__ import annotations

from typing import ClassVar, Literal

from realtimekit_provider.api.models.storage_config import SftpLogin
from realtimekit_provider.schema.credentials import HostKey
from realtimekit_provider.schema.numbers import Port
from realtimekit_provider.storage.backends.base_models import DeclarationModel, LocationModel

__all__ = ["SftpDeclaration", "SftpLocation"]


class SftpLocation(LocationModel, SftpLogin):
    """A folder on an SFTP server, made with the very login that recordings are written with."""

    identity_fields: ClassVar[tuple[str, ...]] = ("host", "port", "username", "path")
    replace_on: ClassVar[frozenset[str]] = frozenset({"host", "port", "path"})
    declares_login: ClassVar[bool] = True

    type: Literal["sftp"] = "sftp"
    port: Port = 22
    host_key: HostKey

    @property
    def address(self) -> str:
        """The host, and the folder on it."""
        return f"{self.host}/{self.path}"


class SftpDeclaration(SftpLocation, DeclarationModel):
    """The arguments of ``SftpRecordingFolder``, and storage of type ``sftp`` in a config."""
