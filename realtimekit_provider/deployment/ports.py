"""What an operation needs from outside, as ports: the API, a log, a clock, a registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from realtimekit_provider.api.models.recording import Action, Recording
from realtimekit_provider.api.models.track_request import TrackApi, TrackRequest
from realtimekit_provider.constants import MIN_WORKERS
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.deployment.timing import Timing

__all__ = [
    "Clock",
    "Ports",
    "Recordings",
    "Reporter",
]


class Recordings(Protocol):
    """The recordings of one app; see :class:`realtimekit_provider.api.client.RecordingsClient`."""

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording: ...
    def send_action(self, recording_id: str, action: Action) -> Recording | None: ...
    def get(self, recording_id: str) -> Recording: ...
    def list_unfinished(self) -> Iterable[Recording]: ...
    def get_via_list(
        self, recording_id: str, as_expected: Callable[[Recording], bool]
    ) -> Recording: ...
    def get_active(self, meeting_id: str) -> Recording | None: ...
    def list_newest(self, meeting_id: str) -> list[Recording]: ...
    def has_session(self, meeting_id: str) -> bool: ...
    def is_anybody_in(self, meeting_id: str) -> bool: ...
    def has_meeting(self, meeting_id: str) -> bool: ...
    def get_server_time(self) -> datetime: ...


class Reporter(Protocol):
    """The log of a resource, which the person at the terminal reads on the resource's own row."""

    def progress(self, text: str) -> None:
        """Show what a long operation waits for; the next text replaces it."""

    def notice(self, text: str) -> None:
        """Write a line that stays on the screen."""

    def warning(self, text: str) -> None:
        """Write a warning that must not be missed."""

    def is_engine_alive(self) -> bool:
        """Whether the deployment that asked for the operation is still there."""


class Clock(Protocol):
    """Monotonic seconds, and waiting; tests replace it."""

    def now(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Ports:
    """Everything that an operation on one recording needs.

    Attributes:
        recordings: The recordings of its app.
        reporter: The log of its resource.
        clock: Tells and passes the time.
        registry: What the operations of this deployment tell each other.
        timing: How long each wait may last.
        track_api: The body that starts recordings.
        max_operations: How many operations the deployment does at once.
    """

    recordings: Recordings
    reporter: Reporter
    clock: Clock
    registry: RunRegistry
    timing: Timing
    track_api: TrackApi = "outputs"
    max_operations: int = MIN_WORKERS
