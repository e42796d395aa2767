"""What every storage type can be asked to do, whatever its SDK is called."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import ClassVar, Generic, Protocol, TypeVar

from realtimekit_provider.api.models.storage_config import StorageConfig

__all__ = [
    "Credential",
    "LocationBackend",
    "LocationClient",
    "WriteProbe",
    "WriterBackend",
    "WriterClient",
]

_Location = TypeVar("_Location")
_Writer_contra = TypeVar("_Writer_contra", contravariant=True)

Credential = Mapping[str, str]
"""The credential fields of a ``storage_config``: ``access_key``, ``secret``."""


class LocationClient(ABC, Generic[_Location]):
    """One declared location in its cloud, and the calls about it.

    Whose it is and what becomes of it is decided above: see ``storage/location``. Every method
    raises nothing but :class:`~realtimekit_provider.errors.StorageError` and its subclasses,
    with a sentence that names the location and, if one is missing, the permission.

    Attributes:
        about: The location, as an error text begins with it.
        holds: What it holds, in the plural.
        is_markable: Whether it can say whose it is.
        written_at_once: What :meth:`build_mark_command` writes all of, besides the mark, because
            the cloud takes them at once only; ``None`` where it writes the mark alone.
    """

    about: str
    holds: ClassVar[str] = "objects"
    is_markable: ClassVar[bool] = True
    written_at_once: ClassVar[str | None] = None

    @abstractmethod
    def exists(self) -> bool:
        """Whether it is there."""

    @abstractmethod
    def create(self, mark: str) -> bool:
        """Create it unless it exists, marked from the start where the cloud can do that.

        Returns:
            Whether it is new.

        Raises:
            StorageSettingsError: It exists, and elsewhere than declared.
        """

    @abstractmethod
    def read(self) -> _Location:
        """Return the location as it really is."""

    @abstractmethod
    def apply_settings(self) -> None:
        """Bring it to what is declared."""

    @abstractmethod
    def find_content(self) -> str | None:
        """Return the name of something that it holds, of an unfinished upload too.

        What an interrupted write test left there does not count.
        """

    @abstractmethod
    def delete_content(self) -> None:
        """Delete everything in it, unless :meth:`delete` does."""

    @abstractmethod
    def delete(self) -> bool:
        """Delete it, and return whether it is gone; ``False`` where it holds something."""

    def read_mark(self) -> str | None:
        """Return the mark that it carries, ``None`` where it carries none."""
        return None

    def write_mark(self, mark: str, *, before: str | None) -> bool:
        """Mark it, unless its mark is no longer ``before``; return whether it was marked.

        Everything else stays as it is. Where the cloud only takes all tags or rules at once (S3,
        Spaces, Azure), a change of another one that somebody makes in the same moment is lost.
        """
        raise NotImplementedError(mark, before)

    def build_mark_command(self, mark: str) -> str:
        """Return the command by which a person marks it, and leaves everything else as it is."""
        raise NotImplementedError(mark)

    def is_leftover(self) -> bool:
        """Whether it is as a run of ours leaves it that is cut off before it can mark it.

        That is: of our own account, new, empty and without any setting. ``False`` where the
        cloud marks at creation.
        """
        return False

    def is_removable(self) -> bool:
        """Whether it can have been created by us at all."""
        return True


class LocationBackend(Protocol[_Location]):
    """Buckets, containers, folders. Administrators' credentials come from the cloud's own chain."""

    def connect(self, location: _Location) -> AbstractContextManager[LocationClient[_Location]]:
        """Open a client of a declared location."""


class WriterClient(ABC):
    """The identity of one generation of a writer in its cloud, and the calls about it.

    An identity can write below a prefix and do nothing else. Whose it is and what becomes of it
    is decided above: see ``storage/writer``. Every method raises nothing but
    :class:`~realtimekit_provider.errors.StorageError` and its subclasses.

    Attributes:
        about: The identity, as an error text begins with it.
        mark: What it says of itself where it is this writer's: the writer's mark, and the place
            that it writes to.
        mark_field: Where it says so, such as ``description``; ``id`` where its name does.
    """

    about: str
    mark: str
    mark_field: ClassVar[str] = "id"

    @abstractmethod
    def create(self) -> bool:
        """Create it with its mark and its rights, unless it exists; return whether it is new."""

    def read_mark(self) -> str | None:
        """Return what it says of itself, empty where it says nothing; ``None`` if it is gone.

        Where its id is made of the mark, one of that id is this writer's.
        """
        return self.mark

    def build_mark_command(self) -> str:
        """Return the command by which a person marks it as this writer's."""
        raise NotImplementedError(self.mark)

    @abstractmethod
    def create_credential(self) -> Credential:
        """Create a credential, the only one: unknown keys are deleted.

        A secret cannot be read again, so a key of an interrupted run is of no use.
        """

    @abstractmethod
    def is_in_sync(self, credential: Credential) -> bool:
        """Whether identity, rights and key are still as they were created."""

    @abstractmethod
    def restore(self) -> None:
        """Bring its rights, and when they end, to what is declared; its key stays."""

    @abstractmethod
    def delete(self) -> None:
        """Delete it with its keys and rights; gone already is success."""


class WriterBackend(Protocol[_Writer_contra]):
    """Identities that can write. Administrators' credentials come from the cloud's own chain."""

    def connect(
        self, writer: _Writer_contra, generation: int
    ) -> AbstractContextManager[WriterClient]:
        """Open a client of the identity of a generation."""


class WriteProbe(Protocol):
    """Checks that a ``storage_config`` can be written with, leaving nothing behind."""

    def check(
        self, config: StorageConfig, host_key: str | None, endpoint: str | None = None
    ) -> None:
        """Write at the very path with the very credential, and remove what was written.

        Args:
            config: Where to write, and with what.
            host_key: The server's public host key, for SFTP.
            endpoint: Where the cloud is, for Spaces; otherwise where the environment says.

        Raises:
            StorageCredentialError: The credential is wrong or may not write there. A key that
                was created a moment ago may be refused like this for up to a minute.
            StorageSettingsError: The region, the endpoint or a name is wrong.
            StorageNotFoundError: There is no such location.
            StorageUnreachableError: There is no clear answer.
        """
