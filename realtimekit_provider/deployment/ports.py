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

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording:
        """Start a recording, by one request that is never repeated once it may have had effect."""

    def send_action(self, recording_id: str, action: Action) -> Recording | None:
        """Pause, resume or stop; ``None`` where the success does not describe the recording."""

    def get(self, recording_id: str) -> Recording:
        """Return a recording, whose absence is a ``NotFoundError``."""

    def list_unfinished(self) -> Iterable[Recording]:
        """Return the app's recordings that can still change."""

    def get_via_list(
        self, recording_id: str, as_expected: Callable[[Recording], bool]
    ) -> Recording:
        """Return a recording from a list that many share, if it is ``as_expected`` there."""

    def get_active(self, meeting_id: str) -> Recording | None:
        """Return the meeting's active recording, ``None`` where it has none."""

    def list_newest(self, meeting_id: str) -> list[Recording]:
        """Return the meeting's recordings of any status, the newest first, at most one page."""

    def has_session(self, meeting_id: str) -> bool:
        """Whether somebody is in the meeting, so that it can be recorded."""

    def is_anybody_in(self, meeting_id: str) -> bool:
        """Whether somebody is in the meeting, by a list that is read once for all meetings."""

    def has_meeting(self, meeting_id: str) -> bool:
        """Whether the app has such a meeting at all."""

    def get_server_time(self) -> datetime:
        """Return the time by the server's clock, as far as a response has shown it."""


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

    def now(self) -> float:
        """Return seconds that only grow, from any start."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


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
