"""What a scenario is made of: steps, and the world that they happen in.

A step says what happens in the world, what the stack then does, and what must be seen: the plan,
the API calls by kind, the status in the state. A runner needs an emulator (with the settings of
:func:`realtimekit_emulator.model.settings.fast`), a stack with :data:`TIMING`, and one
``TrackRecording`` whose inputs a step gives.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from realtimekit_emulator import Control

__all__ = [
    "LIVE",
    "MANY",
    "TIMING",
    "Event",
    "Given",
    "Scenario",
    "Step",
    "World",
    "calls_since",
    "happening_meanwhile",
    "matches",
    "resolved",
]

TIMING: Mapping[str, float] = {
    "poll_interval": 0.05,
    "visible_after_start": 1,
    "running_after_start": 5,
    "inactive_after_stop": 5,
    "minimum_length": 0.05,
}
"""``realtimekit:timing`` of the stack: nothing waits long."""

MANY = -1
"""A number of calls that depends on how long something took: one or more."""

LIVE = frozenset({"INVOKED", "RECORDING", "PAUSED"})
_PATIENCE = 10.0

Plan = Literal["create", "same", "update", "replace", "refused"]
"""What a preview shows; ``refused`` means that the preview itself fails."""

Does = Literal["up", "preview", "refresh", "destroy"]


@dataclass
class World:
    """What lies outside the stack: the emulator, two meetings with somebody in them."""

    control: Control
    meeting_id: str
    other_meeting_id: str
    foreign_id: str = ""

    @classmethod
    def of(cls, control: Control) -> World:
        """Make the two meetings."""
        first, second = (control.create_meeting(participants=1).id for _ in range(2))
        return cls(control, first, second)

    @property
    def newest(self) -> str:
        """The id of the recording that was started last, in either meeting."""
        return self.control.recordings()[-1].id

    @property
    def live(self) -> int:
        """How many recordings are live."""
        return sum(one.status in LIVE for one in self.control.recordings())


Event = Callable[[World], None]


class Given(Enum):
    """Stands in a step's inputs for an id that only the world knows."""

    MEETING = "meeting_id"
    OTHER_MEETING = "other_meeting_id"
    FOREIGN = "foreign_id"


@dataclass(frozen=True)
class Step:
    """One operation of the stack, and what must be seen.

    Attributes:
        does: ``up`` deploys ``inputs``, ``preview`` only plans them; ``refresh`` and
            ``destroy`` act on what is deployed.
        inputs: Those of the ``TrackRecording`` beside meeting and layers, which are added.
        before: What happens in the world before.
        meanwhile: What happens in the world once the stack has asked twice for a session.
        plan: What the preview shows.
        calls: The API calls of the operation by kind; kinds that are not named do not occur.
        status: The output ``status`` afterwards; ``None`` where the resource is no more.
        fails: A part of the error's text, where the operation is refused or fails.
        says: A part of what is said on the resource's row, or of the output ``warning``.
        live: How many recordings are live afterwards.
    """

    does: Does
    inputs: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Event, ...] = ()
    meanwhile: Event | None = None
    plan: Plan | None = None
    calls: Mapping[str, int] = field(default_factory=dict)
    status: str | None = None
    fails: str | None = None
    says: str | None = None
    live: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A name, the steps, and what the stack's config and the emulator are set to."""

    name: str
    steps: tuple[Step, ...]
    config: Mapping[str, str] = field(default_factory=dict)
    emulator: Mapping[str, Any] = field(default_factory=dict)


def resolved(inputs: Mapping[str, Any], world: World) -> dict[str, Any]:
    """Return complete inputs: meeting and layers added, ids of the world filled in."""
    whole = {"meeting_id": Given.MEETING, "layers": {"default": {}}, **inputs}
    return {
        name: getattr(world, value.value) if isinstance(value, Given) else value
        for name, value in whole.items()
    }


def calls_since(control: Control, number: int) -> Counter[str]:
    """Return the API calls after request ``number``, by kind."""
    return Counter(
        request.body["action"] if request.route == "act_on_recording" else _KINDS[request.route]
        for request in control.requests(after=number)
    )


def matches(wanted: Mapping[str, int], seen: Mapping[str, int]) -> bool:
    """Whether the calls seen are those wanted; :data:`MANY` stands for one or more."""
    return wanted.keys() == seen.keys() and all(
        seen[kind] >= 1 if number == MANY else seen[kind] == number
        for kind, number in wanted.items()
    )


@contextmanager
def happening_meanwhile(event: Event | None, world: World) -> Iterator[None]:
    """Let an event happen inside the block, once somebody waits for a live session."""
    if event is None:
        yield
        return
    over = threading.Event()
    asked = world.control.counts().of("active_session")

    def watch() -> None:
        while not over.wait(0.02):
            if world.control.counts().of("active_session") > asked + 1:
                event(world)
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_PATIENCE)


_KINDS = {
    "active_recording": "active",
    "active_session": "session",
    "get_meeting": "meeting",
    "get_recording": "get",
    "list_recordings": "list",
    "start_track": "start",
}
