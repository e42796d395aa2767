"""What the operations of one run tell each other, since each sees one resource only."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from realtimekit_provider.deployment.targets import Target, agree

__all__ = ["LocationKey", "RunRegistry"]

LocationKey = tuple[str, ...]
"""What tells one place from all others, from its kind to the last part of its path."""


@dataclass
class RunRegistry:
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
    _places: dict[str, LocationKey] = field(default_factory=dict)
    _owners: set[str] = field(default_factory=set)

    def register_declared(self, mark: str) -> None:
        """Remember that this run's program declares the resource with this mark.

        Told by the mark, which a resource keeps where an alias renames it.
        """
        with self._lock:
            self._declared.add(mark)

    def is_declared(self, mark: str) -> bool:
        """Whether this run's program declares the resource; a mere refresh has no program."""
        with self._lock:
            return mark in self._declared

    def register_stopped(self, recording_id: str) -> None:
        """Remember that this run stopped or dropped it, so that nobody takes it over."""
        with self._lock:
            self._stopped.add(recording_id)

    def is_stopped(self, recording_id: str) -> bool:
        """Whether this run stopped the recording, or dropped it after its end."""
        with self._lock:
            return recording_id in self._stopped

    def register_replaced(self, recording_id: str) -> None:
        """Remember that the recording makes way for another one of the same resource."""
        with self._lock:
            self._replaced.add(recording_id)

    def is_replaced(self, recording_id: str) -> bool:
        """Whether the recording makes way for another one."""
        with self._lock:
            return recording_id in self._replaced

    def register_targets(
        self, recording_id: str, app: tuple[str, str], targets: Iterable[Target]
    ) -> None:
        """Remember where a recording writes to that this run is done with, ended or left alone.

        ``app`` is its account and app id.
        """
        with self._lock:
            self._targets[recording_id] = list(targets)
            self._apps.add(app)

    def apps(self) -> list[tuple[str, str]]:
        """Return the apps of the recordings noted by :meth:`register_targets`."""
        with self._lock:
            return sorted(self._apps)

    def written_to(self, target: Target) -> set[str]:
        """Return the recordings noted by :meth:`register_targets` that write to ``target``."""
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

    def is_claimed_by_another(self, recording_id: str, mark: str) -> bool:
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

    def register_location(self, urn: str, where: LocationKey | None, *, owns: bool) -> list[str]:
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

    def others_at_location(self, where: LocationKey, urn: str) -> list[str]:
        """Return which other resources that this run declares are there, or in a folder below."""
        with self._lock:
            return sorted(
                other
                for other, place in self._places.items()
                if other != urn and place[: len(where)] == where
            )
