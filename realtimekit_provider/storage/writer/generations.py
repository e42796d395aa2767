"""The generations of a writer's key, each an identity of its own in the cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from realtimekit_provider.deployment.ports import Reporter
from realtimekit_provider.storage.writer.inputs import StoredWriter, WriterInputs, WriterKeys
from realtimekit_provider.storage.writer.ports import WriterPorts
from realtimekit_provider.storage.writer.rotation import (
    list_overdue_generations,
    list_removable_generations,
    retire_generation,
)

__all__ = ["create_writer", "delete_writer", "update_writer"]


def create_writer(generation: int, ports: WriterPorts) -> WriterKeys:
    """Create the writer with its first generation.

    Raises:
        StorageError: The cloud refused it, or cannot be reached.
    """
    return WriterKeys(ports.create(generation))


def update_writer(before: StoredWriter, after: WriterInputs, ports: WriterPorts) -> WriterKeys:
    """Bring the writer to what is declared: rotate its key, restore its rights, delete old keys.

    Raises:
        StorageError: The cloud refused it, or cannot be reached.
        CallError: The API did not tell which recordings may still write.
    """
    current, wanted = before.inputs.key_generation, after.key_generation
    credential, retired = before.keys
    if wanted != current:
        if not ports.is_in_sync(current, credential):
            _report_lost_key(credential, ports)
        credential = ports.create(wanted)
    elif before.inputs.writer != after.writer or not ports.is_in_sync(current, credential):
        ports.restore(current)
        if not ports.is_in_sync(current, credential):
            _report_lost_key(credential, ports)
            credential = ports.create(current)
    # Asking first also tells the server's time.
    unfinished = ports.list_unfinished()
    previous = retire_generation(retired, current, wanted, ports.now())
    for generation in list_removable_generations(previous, wanted, unfinished):
        ports.delete(generation)
        del previous[str(generation)]
    _report_kept_generations(previous, wanted, ports.reporter)
    return WriterKeys(credential, previous)


def delete_writer(stored: StoredWriter, ports: WriterPorts) -> None:
    """Delete every generation of the writer, the oldest first.

    Raises:
        StorageError: The cloud refused it, or cannot be reached.
    """
    for generation in (*map(int, stored.keys.previous), stored.inputs.key_generation):
        ports.delete(generation)


def _report_lost_key(credential: Mapping[str, str], ports: WriterPorts) -> None:
    ports.register_lost_key(credential)
    ports.reporter.warning(
        "the writer's key was deleted or lost its rights elsewhere: a new one is created. A live "
        "recording that was started with the old one cannot upload: its row says so"
    )


def _report_kept_generations(previous: Iterable[str], current: int, reporter: Reporter) -> None:
    if kept := list_overdue_generations(previous, current):
        reporter.notice(
            f"key generation {', '.join(map(str, kept))} is kept: a recording that was started "
            "with it may still write. A later deployment deletes it"
        )
