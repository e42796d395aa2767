"""What one deployment did with recordings."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.deployment.upload_targets import Target, is_same_target
from realtimekit_provider.errors import AdoptionError

__all__ = ["Adoption", "LastRecording", "RecordingRegistry"]


class Adoption(NamedTuple):
    """A recording that is to be taken over by its id.

    Attributes:
        recording_id: Its id.
        meeting: The meeting that it has to be of.
        may_have_ended: Whether another one is started where it has ended.
    """

    recording_id: str
    meeting: MeetingKey
    may_have_ended: bool


@dataclass(frozen=True)
class LastRecording:
    """The recording that a resource had before it starts another one.

    Attributes:
        app: Its account id and its app id.
        recording: What is known of it.
        has_own_storage: Whether its files go to another storage than Cloudflare's own bucket.
    """

    app: tuple[str, str]
    recording: Recording
    has_own_storage: bool


class RecordingRegistry:
    """The recordings that a deployment declared, stopped, replaced, and knows the owner of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._declared: dict[str, MeetingKey | None] = {}
        self._adoptions: dict[str, Adoption] = {}
        self._refused_adoptions: dict[Adoption, AdoptionError] = {}
        self._stopped: set[str] = set()
        self._lost: set[str] = set()
        self._last: dict[str, LastRecording] = {}
        self._replaced: set[str] = set()
        self._changed_outside: set[str] = set()
        self._owners: dict[str, str] = {}
        self._targets: dict[str, list[Target]] = {}
        self._apps: set[tuple[str, str]] = set()
        self._held_back: dict[str, list[Target]] = {}

    def register_declared(
        self, urn: str, wanted: MeetingKey | None = None, adoption: Adoption | None = None
    ) -> None:
        """Remember that the program declares a resource.

        By its URN and not by its mark: of a renamed resource a replacement changes the mark.

        Args:
            urn: The resource.
            wanted: The meeting of which it wants a recording; ``None`` where it wants none, or
                the meeting is unknown.
            adoption: The recording of that meeting which it is to take over, if any.
        """
        with self._lock:
            self._declared[urn] = wanted
            self._adoptions.pop(urn, None)
            if adoption is not None:
                self._adoptions[urn] = adoption

    def is_declared(self, urn: str) -> bool:
        """Whether the program declares the resource; a mere refresh runs no program."""
        with self._lock:
            return urn in self._declared

    def find_wanted_meeting(self, urn: str) -> MeetingKey | None:
        """Return the meeting given to :meth:`register_declared`, ``None`` where there is none."""
        with self._lock:
            return self._declared.get(urn)

    def find_wanted_adoption(self, urn: str) -> Adoption | None:
        """Return the recording given to :meth:`register_declared`, ``None`` where there is none."""
        with self._lock:
            return self._adoptions.get(urn)

    def register_refused_adoption(self, adoption: Adoption, error: AdoptionError) -> None:
        """Remember that the recording cannot be taken over, and why."""
        with self._lock:
            self._refused_adoptions[adoption] = error

    def find_refused_adoption(self, adoption: Adoption) -> AdoptionError | None:
        """Return why the recording cannot be taken over, ``None`` where that is not known."""
        with self._lock:
            return self._refused_adoptions.get(adoption)

    def register_stopped(self, recording_id: str) -> None:
        """Remember that this deployment stopped it, or dropped it after its end."""
        with self._lock:
            self._stopped.add(recording_id)

    def is_stopped(self, recording_id: str) -> bool:
        """Whether this deployment stopped it, or dropped it: it must not be adopted again."""
        with self._lock:
            return recording_id in self._stopped

    def register_lost(self, recording_id: str) -> bool:
        """Remember that its files were lost; return whether that is new in this deployment."""
        with self._lock:
            is_new = recording_id not in self._lost
            self._lost.add(recording_id)
            return is_new

    def register_last(self, urn: str, last: LastRecording) -> None:
        """Remember which recording a resource has, in case it starts another."""
        with self._lock:
            self._last[urn] = last

    def find_last(self, urn: str) -> LastRecording | None:
        """Return the recording that the resource had, ``None`` where it is not known to."""
        with self._lock:
            return self._last.get(urn)

    def register_replaced(self, recording_id: str) -> None:
        """Remember that another recording of the same resource replaces it."""
        with self._lock:
            self._replaced.add(recording_id)

    def is_replaced(self, recording_id: str) -> bool:
        """Whether another recording of the same resource replaces it."""
        with self._lock:
            return recording_id in self._replaced

    def register_changed_outside(self, recording_id: str) -> None:
        """Remember that a refresh found it paused or resumed, and not by its stack."""
        with self._lock:
            self._changed_outside.add(recording_id)

    def is_changed_outside(self, recording_id: str) -> bool:
        """Whether a refresh of this deployment found it paused or resumed."""
        with self._lock:
            return recording_id in self._changed_outside

    def register_owner(self, recording_id: str, mark: str) -> None:
        """Remember that the recording belongs to the resource with this mark from now on."""
        with self._lock:
            self._owners[recording_id] = mark

    def is_owned_by_another(self, recording_id: str, mark: str) -> bool:
        """Whether the recording belongs to another resource than the one with this mark."""
        with self._lock:
            return self._owners.get(recording_id, mark) != mark

    def register_targets(
        self, recording_id: str, app: tuple[str, str], targets: Iterable[Target]
    ) -> None:
        """Remember where a recording writes to that was stopped or left alone.

        ``app`` is its account id and app id.
        """
        with self._lock:
            self._targets[recording_id] = list(targets)
            self._apps.add(app)

    def register_held_back(self, urn: str, targets: Iterable[Target]) -> None:
        """Remember that a resource stays as it is stored, since what it needs anew failed.

        Args:
            urn: The resource, which the engine leaves out of this deployment.
            targets: Where its recording writes to, by the state.
        """
        with self._lock:
            self._held_back[urn] = list(targets)

    def list_held_back(self, target: Target) -> list[str]:
        """Return the URNs given to :meth:`register_held_back` that write to ``target``."""
        with self._lock:
            return sorted(
                urn
                for urn, targets in self._held_back.items()
                if any(is_same_target(target, one) for one in targets)
            )

    def list_apps(self) -> list[tuple[str, str]]:
        """Return account id and app id of all recordings given to :meth:`register_targets`."""
        with self._lock:
            return sorted(self._apps)

    def find_writing_to(self, target: Target) -> set[str]:
        """Return the ids given to :meth:`register_targets` that write to ``target``."""
        with self._lock:
            return {
                recording_id
                for recording_id, targets in self._targets.items()
                if any(is_same_target(target, one) for one in targets)
            }
