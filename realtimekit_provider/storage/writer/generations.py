"""The generations of a writer's key, each an identity of its own in the cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from realtimekit_provider.deployment.ports import Reporter
from realtimekit_provider.storage.writer.inputs import credential_from, parse_writer
from realtimekit_provider.storage.writer.ports import WriterPorts
from realtimekit_provider.storage.writer.rotation import (
    overdue_generations,
    removable_generations,
    retired_generations,
)

__all__ = ["create_writer", "delete_writer", "update_writer"]


def create_writer(inputs: Mapping[str, Any], ports: WriterPorts) -> dict[str, Any]:
    """Create the writer with its first generation.

    Returns:
        What state keeps beside the inputs: the credential (``access_key``, ``secret`` or both)
        and ``previous_keys``, which is empty.

    Raises:
        StorageError: The cloud refused it, or cannot be reached.
    """
    return {**ports.create(int(inputs["key_generation"])), "previous_keys": {}}


def update_writer(
    before: Mapping[str, Any], after: Mapping[str, Any], ports: WriterPorts
) -> dict[str, Any]:
    """Bring the writer to what is declared: rotate its key, restore its rights, delete old keys.

    Returns:
        What state keeps beside the inputs: the credential (``access_key``, ``secret`` or both)
        and ``previous_keys``.

    Raises:
        StorageError: The cloud refused it, or cannot be reached.
        CallError: The API did not tell which recordings may still write.
    """
    current, wanted = int(before["key_generation"]), int(after["key_generation"])
    credential = credential_from(before)
    if wanted != current:
        credential = dict(ports.create(wanted))
    elif parse_writer(before) != parse_writer(after) or not ports.is_in_sync(current, credential):
        ports.restore(current)
        if not ports.is_in_sync(current, credential):
            ports.reporter.warning("the writer's key was deleted elsewhere: a new one is created")
            credential = dict(ports.create(current))
    # Asking first also tells the server's time.
    unfinished = ports.list_unfinished()
    previous = retired_generations(before.get("previous_keys") or {}, current, wanted, ports.now())
    for generation in removable_generations(previous, wanted, unfinished):
        ports.delete(generation)
        del previous[str(generation)]
    _report_kept_generations(previous, wanted, ports.reporter)
    return {**credential, "previous_keys": previous}


def delete_writer(before: Mapping[str, Any], ports: WriterPorts) -> None:
    """Delete every generation of the writer, the oldest first.

    Raises:
        StorageError: The cloud refused it, or cannot be reached.
    """
    previous = map(int, before.get("previous_keys") or {})
    for generation in (*previous, int(before["key_generation"])):
        ports.delete(generation)


def _report_kept_generations(previous: Iterable[str], current: int, reporter: Reporter) -> None:
    if kept := overdue_generations(previous, current):
        reporter.notice(
            f"key generation {', '.join(map(str, kept))} is kept: a recording that was started "
            "with it may still write. A later deployment deletes it"
        )
