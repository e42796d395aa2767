"""What a writer's operations need from outside: its cloud, the live recordings, the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.deployment.ports import Reporter

__all__ = ["WriterPorts"]


@dataclass(frozen=True)
class WriterPorts:
    """What can be done to the generations of one writer, each given by its number.

    Attributes:
        create: Creates a generation and returns its credential.
        is_in_sync: Whether a generation with this credential is as it was created.
        restore: Brings a generation's rights, and when they end, to what is declared.
        delete: Deletes a generation.
        list_unfinished: Returns the recordings that may still write; ``None`` where that is
            not known, without a token or an app.
        register_lost_key: Lets the recordings of this deployment know of a credential that no
            longer works.
        now: Returns the time, by the server's clock where it is known.
        reporter: The resource's row.
    """

    create: Callable[[int], Mapping[str, str]]
    is_in_sync: Callable[[int, Mapping[str, str]], bool]
    restore: Callable[[int], None]
    delete: Callable[[int], None]
    list_unfinished: Callable[[], Iterable[Recording] | None]
    register_lost_key: Callable[[Mapping[str, str]], None]
    now: Callable[[], datetime]
    reporter: Reporter
