"""What every storage type can be asked to do, whatever its SDK is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, TypeVar

from realtimekit_provider.api.models.storage_config import StorageConfig

__all__ = ["Credential", "LocationBackend", "WriteProbe", "WriterBackend"]

_Location = TypeVar("_Location")
_Writer_contra = TypeVar("_Writer_contra", contravariant=True)

Credential = Mapping[str, str]
"""The credential fields of a ``storage_config``: ``access_key``, ``secret``."""


class LocationBackend(Protocol[_Location]):
    """Buckets, containers, folders. Administrators' credentials come from the cloud's own chain.

    Every method raises nothing but :class:`~realtimekit_provider.errors.StorageError` and its
    subclasses, with a sentence that names the location and, if one is missing, the permission.
    """

    def create(self, location: _Location) -> None:
        """Create the location as declared; one of an interrupted run of ours is taken over.

        Raises:
            StorageConflictError: It exists, and nothing says that it is ours.
            StorageNotFoundError: It is declared as existing, and does not exist.
        """

    def read(self, location: _Location) -> _Location | None:
        """Return the location as it really is, ``None`` where it does not exist."""

    def update(self, location: _Location) -> None:
        """Bring a location that exists to what is declared."""

    def delete(self, location: _Location) -> Literal["deleted", "kept"]:
        """Delete the location as its ``on_delete`` says; that it is gone already is success.

        Raises:
            StorageNotEmptyError: It holds objects, and ``on_delete`` is ``fail``.
        """


class WriterBackend(Protocol[_Writer_contra]):
    """Identities that can write below a prefix and do nothing else."""

    def create(self, writer: _Writer_contra, generation: int) -> Credential:
        """Create the identity of a generation and its credential.

        One of an interrupted run is taken over: its unknown keys are deleted first, since a
        secret cannot be read again.
        """

    def is_in_sync(self, writer: _Writer_contra, generation: int, credential: Credential) -> bool:
        """Whether identity, rights and key of a generation are still as they were created."""

    def restore(self, writer: _Writer_contra, generation: int) -> None:
        """Bring the identity's rights, and when they end, to what is declared; its key stays."""

    def delete(self, writer: _Writer_contra, generation: int) -> None:
        """Delete the identity of a generation with its keys; gone already is success."""


class WriteProbe(Protocol):
    """Checks that a ``storage_config`` can be written with, leaving nothing behind."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:
        """Write at the very path with the very credential, and remove what was written.

        Args:
            config: Where to write, and with what.
            host_key: The server's public host key, for SFTP.

        Raises:
            StorageCredentialError: The credential is wrong or may not write there. A key that
                was created a moment ago may be refused like this for up to a minute.
            StorageSettingsError: The region, the endpoint or a name is wrong.
            StorageNotFoundError: There is no such location.
            StorageUnreachableError: There is no clear answer.
        """
