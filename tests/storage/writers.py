"""What becomes of a writer's identities, as its controller does it, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from realtimekit_provider.storage.backends.base_models import WriterModel
from realtimekit_provider.storage.backends.ports import Credential, WriterBackend
from realtimekit_provider.storage.backends.registry import get_writer_backend
from realtimekit_provider.storage.writer.identities import (
    create_identity,
    delete_identity,
    is_identity_in_sync,
    restore_identity,
)


@dataclass(frozen=True)
class Writers:
    """What is done to the identities of writers of one type."""

    backend: WriterBackend[Any]

    def create(self, writer: WriterModel, generation: int) -> Credential:
        return create_identity(self.backend, writer, generation)

    def is_in_sync(self, writer: WriterModel, generation: int, credential: Credential) -> bool:
        return is_identity_in_sync(self.backend, writer, generation, credential)

    def restore(self, writer: WriterModel, generation: int) -> None:
        restore_identity(self.backend, writer, generation)

    def delete(self, writer: WriterModel, generation: int) -> None:
        delete_identity(self.backend, writer, generation)


def writers_of(storage_type: str) -> Writers:
    """Return the writers of a type."""
    return Writers(get_writer_backend(storage_type))
