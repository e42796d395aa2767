"""What every kind of storage can be asked to do, whatever its SDK is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, TypeVar

from realtimekit_provider.api.models.storage_config import StorageConfig

__all__ = ["Credential", "LocationBackend", "WriteProbe", "WriterBackend"]

_Place = TypeVar("_Place")
_Writer_contra = TypeVar("_Writer_contra", contravariant=True)

Credential = Mapping[str, str]
"""The credential fields of a ``storage_config``: ``access_key``, ``secret``."""


class LocationBackend(Protocol[_Place]):
    """Buckets, containers, folders. Administrators' credentials come from the cloud's own chain.

    Every method raises nothing but :class:`~realtimekit_provider.errors.StorageError` and its
    subclasses, with a sentence that names the place and, if one is missing, the permission.
    """

    def create(self, place: _Place) -> None:
        """Make the place as declared; one that this account made before is brought to it."""

    def read(self, place: _Place) -> _Place | None:
        """Return the place as it really is, ``None`` where it does not exist."""

    def update(self, place: _Place) -> None:
        """Bring an existing place to what is declared."""

    def delete(self, place: _Place) -> Literal["deleted", "kept"]:
        """Delete the place as its ``on_delete`` says; that it is gone already is success.

        Raises:
            StorageNotEmptyError: It holds objects, and ``on_delete`` is ``fail``.
        """


class WriterBackend(Protocol[_Writer_contra]):
    """Identities that can write below a prefix and do nothing else."""

    def create(self, writer: _Writer_contra, generation: int) -> Credential:
        """Make the identity of a generation and its credential.

        One of an interrupted run is taken over: its unknown keys are deleted first, since a
        secret cannot be read again.
        """

    def is_intact(self, writer: _Writer_contra, generation: int, credential: Credential) -> bool:
        """Whether identity, rights and key of a generation are still as they were made."""

    def restore(self, writer: _Writer_contra, generation: int) -> None:
        """Bring the identity's rights, and when they end, to what is declared; its key stays."""

    def delete(self, writer: _Writer_contra, generation: int) -> None:
        """Delete the identity of a generation with its keys; gone already is success."""


class WriteProbe(Protocol):
    """Proves that a ``storage_config`` can be written with, leaving nothing behind."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:
        """Write at the very path with the very credential, and take it back.

        Raises:
            StorageCredentialError: The credential is wrong or may not write there. A key that
                was made a moment ago may be refused like this for up to a minute.
            StorageNotFoundError: There is no such place.
            StorageUnreachableError: There is no clear answer.
        """
