"""A row of the list: a recording, whose it is, and why that is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from realtimekit_provider.api.models.recording import Recording, parse_time
from realtimekit_provider.api.models.status import FINAL_STATUSES, GONE, Phase, get_phase
from realtimekit_provider.cli.inventory.stacks import App
from realtimekit_provider.deployment.lost_files import may_lack_files

__all__ = ["EXPIRES_SOON", "MEANINGS", "Owner", "RecordingClass", "Row"]

EXPIRES_SOON = timedelta(hours=48)
"""How long before its files vanish a recording is *expiring*."""


class RecordingClass(str, Enum):
    """Whose a recording is; the first three are wrong, and somebody has to do something."""

    MISSING = "missing"
    DOUBLED = "doubled"
    ORPHAN = "orphan"
    UNDEPLOYED = "undeployed"
    UNKNOWN = "unknown"
    UNSTARTED = "unstarted"
    MANAGED = "managed"
    ADOPTED = "adopted"
    LEFT = "left"
    FOREIGN = "foreign"
    UNMANAGED = "unmanaged"
    PAST = "past"

    @property
    def is_wrong(self) -> bool:
        """Whether ``--expect-clean`` fails because of it."""
        return self in {RecordingClass.MISSING, RecordingClass.DOUBLED, RecordingClass.ORPHAN}


MEANINGS: Mapping[RecordingClass, str] = {
    RecordingClass.MISSING: "a state has it as unfinished, and the API does not know it",
    RecordingClass.DOUBLED: "its meeting is recorded twice, or two resources have it",
    RecordingClass.ORPHAN: "live, started by a stack of this project, and in no state",
    RecordingClass.UNDEPLOYED: "declared, and in no state: nothing was started for it",
    RecordingClass.UNKNOWN: "in the state of a stack, and its app could not be read",
    RecordingClass.UNSTARTED: "declared and deployed, and there was nothing to start",
    RecordingClass.MANAGED: "in the state of a stack",
    RecordingClass.ADOPTED: "in the state of a stack, and started for somebody else",
    RecordingClass.LEFT: "left running, since its on_delete was 'leave'",
    RecordingClass.FOREIGN: "started by another project or backend, or its state is gone",
    RecordingClass.UNMANAGED: "its file name has no mark, so its stack is unknown",
    RecordingClass.PAST: "started by a stack of this project, has ended, and in no state",
}
"""What each class means, in words."""


@dataclass(frozen=True)
class Owner:
    """A resource that has a recording, or that started it.

    Attributes:
        stack: The stack's name.
        name: The resource's name; ``None`` where it is unknown.
    """

    stack: str
    name: str | None = None

    def __str__(self) -> str:
        """Return both, such as ``prod/standup``."""
        return f"{self.stack}/{self.name or '?'}"

    def describe(self) -> str:
        """Return both in words."""
        return (
            f"stack {self.stack}" if self.name is None else f"'{self.name}' of stack {self.stack}"
        )


@dataclass(frozen=True)
class Row:
    """A recording, or a declared one that was never started.

    Attributes:
        recording_class: Whose it is.
        reason: Why that is so and what to do, in words.
        recording: What the API says of it; what the state says where the API says nothing.
        app: The account and the app.
        owners: The resources that have it in a state.
        starter: The resource that it was started for, as far as its mark tells.
        mark: The mark in its file's name.
        expires: When its files in Cloudflare's bucket vanish.
        is_started: Whether there is a recording at all.
        is_as_declared: Whether its status is the one that its ``desired_state`` asks for.
        has_new_ending: Whether it has ended, and the state has it as live.
    """

    recording_class: RecordingClass
    reason: str
    recording: Recording
    app: App
    owners: tuple[Owner, ...] = ()
    starter: Owner | None = None
    mark: str | None = None
    expires: datetime | None = None
    is_started: bool = True
    is_as_declared: bool = True
    has_new_ending: bool = False

    @property
    def holders(self) -> tuple[Owner, ...]:
        """The resources that have it; where no state has it, the one that it was started for."""
        return self.owners or ((self.starter,) if self.starter is not None else ())

    @property
    def file_prefix(self) -> str | None:
        """What its file's name has before the mark: of stack, name and layer, if nobody set it."""
        name, mark = self.recording.output_file_name, self.mark
        return name.partition(mark)[0].strip("_") or None if name and mark else None

    @property
    def status(self) -> str:
        """The recording's status."""
        return self.recording.status

    @property
    def is_live(self) -> bool:
        """Whether it records, is about to, or is paused."""
        return self.is_started and get_phase(self.status).is_live

    @property
    def is_unfinished(self) -> bool:
        """Whether it is live or uploading."""
        is_over = self.status in {*FINAL_STATUSES, GONE} or get_phase(self.status) is Phase.NONE
        return self.is_started and not is_over

    @property
    def started(self) -> datetime | None:
        """When its start was asked for."""
        recording = self.recording
        return parse_time(recording.invoked_time) or parse_time(recording.started_time)

    @property
    def may_lack_files(self) -> bool:
        """Whether a state has it, and it ended without its files, as far as can be known."""
        return bool(self.owners) and may_lack_files(self.status)

    @property
    def is_notable(self) -> bool:
        """Whether somebody should look at it, also where nothing is wrong."""
        is_undeployed = self.recording_class is RecordingClass.UNDEPLOYED
        is_lost = self.may_lack_files or self.status == "ERRORED"
        return is_lost or is_undeployed or not self.is_as_declared

    def expires_soon(self, now: datetime) -> bool:
        """Whether its files vanish within :data:`EXPIRES_SOON`, and have not yet."""
        return self.expires is not None and timedelta() < self.expires - now <= EXPIRES_SOON
