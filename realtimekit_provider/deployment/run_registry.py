"""What the operations of one deployment tell each other, since each sees one resource only."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event

from realtimekit_provider.deployment.mark_registry import MarkRegistry
from realtimekit_provider.deployment.meeting_registry import MeetingRegistry, WaitRegistry
from realtimekit_provider.deployment.recording_registry import RecordingRegistry
from realtimekit_provider.deployment.storage_registry import StorageRegistry

__all__ = ["RunRegistry"]


@dataclass(frozen=True)
class RunRegistry:
    """What all operations of one deployment share; safe to use from all threads.

    A deployment is one provider process.

    Attributes:
        recordings: What was declared, stopped and replaced, and what still writes where.
        marks: Which resource has which mark.
        meetings: Which resources want a recording of which meeting.
        storage: Which resources have which location, and since when a gate waits.
        waits: Which recordings have begun, and which wait for somebody to join their meeting.
        has_program: Is set once a program has declared a resource, which a destroy never does.
    """

    recordings: RecordingRegistry = field(default_factory=RecordingRegistry)
    marks: MarkRegistry = field(default_factory=MarkRegistry)
    meetings: MeetingRegistry = field(default_factory=MeetingRegistry)
    storage: StorageRegistry = field(default_factory=StorageRegistry)
    waits: WaitRegistry = field(default_factory=WaitRegistry)
    has_program: Event = field(default_factory=Event)
