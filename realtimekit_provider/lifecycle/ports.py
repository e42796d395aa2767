"""What the lifecycle needs from outside, as ports: the API, a voice, a clock, a memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from realtimekit_provider.lifecycle.run_memory import RunMemory
from realtimekit_provider.wire.recording import Action, Recording
from realtimekit_provider.wire.track import TrackApi, TrackRequest

__all__ = [
    "Bounds",
    "Clock",
    "Ports",
    "Recordings",
    "Reporter",
    "wait_for",
]

_Found = TypeVar("_Found")


class Recordings(Protocol):
    """The recordings of one app; see :class:`realtimekit_provider.client.api.RecordingsApi`."""

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording: ...
    def act(self, recording_id: str, action: Action) -> Recording | None: ...
    def get(self, recording_id: str) -> Recording: ...
    def live(self) -> Iterable[Recording]: ...
    def look_up(self, recording_id: str, as_expected: Callable[[Recording], bool]) -> Recording: ...
    def active(self, meeting_id: str) -> Recording | None: ...
    def newest(self, meeting_id: str) -> list[Recording]: ...
    def has_session(self, meeting_id: str) -> bool: ...
    def has_meeting(self, meeting_id: str) -> bool: ...
    def server_now(self) -> datetime: ...


class Reporter(Protocol):
    """How an operation speaks to the person at the terminal, on the resource's own row."""

    def progress(self, text: str) -> None:
        """Say what a long operation waits for; replaced by the next text."""

    def notice(self, text: str) -> None:
        """Say something that stays on the screen."""

    def warning(self, text: str) -> None:
        """Say something that must not be missed."""

    def is_heard(self) -> bool:
        """Whether the deployment that asked for the operation is still there."""


class Clock(Protocol):
    """Monotonic seconds, and waiting."""

    def now(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Bounds:
    """How long each wait may last, in seconds; set by ``realtimekit:bounds``.

    Attributes:
        poll: Between two questions at the beginning of a wait; it grows to three times this.
        appear: For a recording whose start got no clear answer to show up.
        begin: For a started recording to leave INVOKED, before it can be paused.
        release: For a stopped recording to no longer be the meeting's active one.
        shortest: A recording shorter than this may end ERRORED, so its stop waits it out.
        fresh_key: For a cloud to know a key that was made a moment ago.
    """

    poll: float = 1.0
    appear: float = 40.0
    begin: float = 60.0
    release: float = 60.0
    shortest: float = 5.0
    fresh_key: float = 60.0


@dataclass(frozen=True)
class Ports:
    """Everything that an operation on one recording has at hand."""

    recordings: Recordings
    reporter: Reporter
    clock: Clock
    memory: RunMemory
    bounds: Bounds
    track_api: TrackApi = "outputs"


class Patient(Protocol):
    """Whatever can wait: it has a voice, a clock and bounds."""

    @property
    def reporter(self) -> Reporter: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def bounds(self) -> Bounds: ...


def wait_for(
    ports: Patient, what: str, longest: float, question: Callable[[], _Found | None]
) -> _Found | None:
    """Ask until there is an answer, saying meanwhile what is waited for.

    Args:
        ports: Supplies the clock, the pauses and the voice.
        what: Completes the sentence "waiting 3 of 60 s for …".
        longest: Seconds until the wait is given up; the last question comes after them.
        question: Returns ``None`` while there is no answer.

    Returns:
        The answer, or ``None`` where there was none in time.
    """
    began = ports.clock.now()
    pause = ports.bounds.poll
    while True:
        answer = question()
        if answer is not None:
            return answer
        waited = ports.clock.now() - began
        if waited >= longest:
            return None
        ports.reporter.progress(f"waiting {waited:.0f} of {longest:.0f} s for {what}")
        ports.clock.sleep(min(pause, longest - waited))
        pause = min(pause * 1.5, ports.bounds.poll * 3)
