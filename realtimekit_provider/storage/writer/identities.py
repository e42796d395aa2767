"""What is done to the identity of one generation of a writer, the same for every cloud."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.errors import StorageNotFoundError
from realtimekit_provider.storage.backends.base_models import WriterModel
from realtimekit_provider.storage.backends.ports import Credential, WriterBackend
from realtimekit_provider.storage.writer.ownership import require_adoptable, require_own

__all__ = ["create_identity", "delete_identity", "is_identity_in_sync", "restore_identity"]


def create_identity(
    backend: WriterBackend[Any], writer: WriterModel, generation: int
) -> Credential:
    """Create the identity and its credential; one that an interrupted run left is taken over.

    Raises:
        StorageConflictError: It exists, and is another writer's.
        StorageError: The cloud refused it, or cannot be reached.
    """
    with backend.connect(writer, generation) as client:
        if not client.create():
            require_adoptable(client, client.read_mark())
            client.restore()
        return client.create_credential()


def is_identity_in_sync(
    backend: WriterBackend[Any], writer: WriterModel, generation: int, credential: Credential
) -> bool:
    """Whether mark, rights and key are still as they were created.

    Raises:
        StorageError: The cloud refused to say, or cannot be reached.
    """
    with backend.connect(writer, generation) as client:
        return client.read_mark() == client.mark and client.is_in_sync(credential)


def restore_identity(backend: WriterBackend[Any], writer: WriterModel, generation: int) -> None:
    """Bring the identity's rights, and when they end, to what is declared; its key stays.

    Raises:
        StorageConflictError: It is no longer marked as this writer's.
        StorageNotFoundError: It was deleted.
        StorageError: The cloud refused it, or cannot be reached.
    """
    with backend.connect(writer, generation) as client:
        found = client.read_mark()
        if found is None:
            raise StorageNotFoundError(
                f"{client.about}: it was deleted, and its key with it. Raise key_generation to "
                f"{generation + 1}, which creates a new one."
            )
        require_own(client, found)
        client.restore()


def delete_identity(backend: WriterBackend[Any], writer: WriterModel, generation: int) -> None:
    """Delete the identity with its keys and rights; that it is gone already is success.

    Raises:
        StorageConflictError: It is no longer marked as this writer's.
        StorageError: The cloud refused it, or cannot be reached.
    """
    with backend.connect(writer, generation) as client:
        found = client.read_mark()
        if found is not None:
            require_own(client, found)
        client.delete()
