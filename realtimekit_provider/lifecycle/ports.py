"""What the lifecycle needs from outside, as ports: the API, a voice, a clock, a memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from realtimekit_provider.lifecycle.targets import Target, agree
from realtimekit_provider.wire.recording import Recording
from realtimekit_provider.wire.track import TrackApi, TrackRequest

__all__ = [
    "Action",
    "Bounds",
    "Clock",
    "Ports",
    "Recordings",
    "Reporter",
    "RunMemory",
    "Whereabouts",
    "wait_for",
]

Action = Literal["pause", "resume", "stop"]
"""What the API can be asked to do with a recording that exists."""

Whereabouts = tuple[str, ...]
"""What tells one place from all others, from its kind to the last part of its path."""

_Found = TypeVar("_Found")


class Recordings(Protocol):
    """The recordings of one app; see :class:`realtimekit_provider.client.api.RecordingsApi`."""

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording: ...
    def act(self, recording_id: str, action: Action) -> Recording | None: ...
    def get(self, recording_id: str) -> Recording: ...
    def live(self) -> Iterable[Recording]: ...
    def look_up(self, recording_id: str) -> Recording: ...
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


@dataclass
class RunMemory:
    """What the operations of one run tell each other; safe to use from all threads.

    A run is one deployment: one provider process.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _declared: set[str] = field(default_factory=set)
    _stopped: set[str] = field(default_factory=set)
    _replaced: set[str] = field(default_factory=set)
    _claims: dict[str, str] = field(default_factory=dict)
    _targets: dict[str, list[Target]] = field(default_factory=dict)
    _apps: set[tuple[str, str]] = field(default_factory=set)
    _waiting_since: float | None = None
    _meetings: dict[tuple[str, str, str], dict[str, bool]] = field(default_factory=dict)
    _meeting_of: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    _places: dict[str, Whereabouts] = field(default_factory=dict)
    _owners: set[str] = field(default_factory=set)

    def note_declared(self, urn: str) -> None:
        """Remember that this run's program declares the resource."""
        with self._lock:
            self._declared.add(urn)

    def is_declared(self, urn: str) -> bool:
        """Whether this run's program declares the resource; a mere refresh has no program."""
        with self._lock:
            return urn in self._declared

    def note_stopped(self, recording_id: str) -> None:
        """Remember that this run stopped or dropped it, so that nobody takes it over."""
        with self._lock:
            self._stopped.add(recording_id)

    def was_stopped(self, recording_id: str) -> bool:
        """Whether this run stopped the recording, or dropped it after its end."""
        with self._lock:
            return recording_id in self._stopped

    def note_replaced(self, recording_id: str) -> None:
        """Remember that the recording makes way for another one of the same resource."""
        with self._lock:
            self._replaced.add(recording_id)

    def is_replaced(self, recording_id: str) -> bool:
        """Whether the recording makes way for another one."""
        with self._lock:
            return recording_id in self._replaced

    def note_targets(
        self, recording_id: str, app: tuple[str, str], targets: Iterable[Target]
    ) -> None:
        """Remember where a recording writes to that this run is done with, ended or left alone.

        ``app`` is its account and app id.
        """
        with self._lock:
            self._targets[recording_id] = list(targets)
            self._apps.add(app)

    def apps(self) -> list[tuple[str, str]]:
        """Return the apps of the recordings noted by :meth:`note_targets`."""
        with self._lock:
            return sorted(self._apps)

    def written_to(self, target: Target) -> set[str]:
        """Return the recordings noted by :meth:`note_targets` that write to ``target``."""
        with self._lock:
            return {
                recording_id
                for recording_id, targets in self._targets.items()
                if any(agree(target, one) for one in targets)
            }

    def waiting_since(self, now: float) -> float:
        """Return when the first gate of this run began to wait, which is ``now`` at first."""
        with self._lock:
            if self._waiting_since is None:
                self._waiting_since = now
            return self._waiting_since

    def claim(self, recording_id: str, mark: str) -> None:
        """Remember which resource the recording belongs to in this run."""
        with self._lock:
            self._claims[recording_id] = mark

    def belongs_to_another(self, recording_id: str, mark: str) -> bool:
        """Whether another resource of this run has the recording now."""
        with self._lock:
            return self._claims.get(recording_id, mark) != mark

    def others_on_meeting(
        self, meeting: tuple[str, str, str], urn: str, *, wants_one: bool
    ) -> Iterable[str]:
        """Note whether ``urn`` wants a recording of ``meeting``, and return who else does.

        ``meeting`` is account, app and meeting id.
        """
        with self._lock:
            before = self._meeting_of.get(urn)
            if before is not None:
                self._meetings[before].pop(urn)
            self._meeting_of[urn] = meeting
            wishes = self._meetings.setdefault(meeting, {})
            wishes[urn] = wants_one
            return [other for other, wants in wishes.items() if wants and other != urn]

    def note_place(self, urn: str, where: Whereabouts | None, *, owns: bool) -> list[str]:
        """Note where a declared place is, and return who else would own that very one.

        ``where`` is ``None`` while it is unknown; ``owns`` is false where the place is somebody
        else's, who may be another resource of this run.
        """
        with self._lock:
            self._places.pop(urn, None)
            self._owners.discard(urn)
            if where is None:
                return []
            self._places[urn] = where
            if not owns:
                return []
            self._owners.add(urn)
            return [one for one in self._owners if one != urn and self._places[one] == where]

    def others_in_place(self, where: Whereabouts, urn: str) -> list[str]:
        """Return which other resources that this run declares are there, or in a folder below."""
        with self._lock:
            return sorted(
                other
                for other, place in self._places.items()
                if other != urn and place[: len(where)] == where
            )


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
