"""What a gate's operations need from outside: the recordings, the storage, a log, a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.deployment.ports import Clock, Recordings, Reporter
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.deployment.timing import Timing

__all__ = ["GatePorts"]


@dataclass(frozen=True)
class GatePorts:
    """What a gate's operations need from outside.

    Attributes:
        recordings: The recordings of each app that may write through the gate.
        check_write_access: Writes with a ``storage_config``, given the server's host key for
            SFTP, and leaves nothing behind; raises a ``StorageError`` where that fails.
        reporter: The resource's row.
        clock: Time, and waiting.
        registry: What this run has stopped, and where it wrote.
        timing: How long each wait may last.
    """

    recordings: Sequence[Recordings]
    check_write_access: Callable[[StorageConfig, str | None], None]
    reporter: Reporter
    clock: Clock
    registry: RunRegistry
    timing: Timing
