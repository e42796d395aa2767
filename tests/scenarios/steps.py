"""What a scenario is made of: steps, and the emulated API that they run against.

A step names the events outside the stack, the operation of the stack that follows, and the
expected result: the plan, the API calls by kind, the status in the state. A runner needs an
emulator (with :data:`realtimekit_emulator.model.settings.FAST_SETTINGS`), a stack with
:data:`TIMING`, and one ``TrackRecording``, whose inputs each step gives.
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
    "AT_LEAST_ONE",
    "LIVE",
    "TIMING",
    "EmulatedApi",
    "Event",
    "Placeholder",
    "Scenario",
    "Step",
    "count_calls_since",
    "has_expected_calls",
    "resolve_inputs",
    "trigger_while_waiting",
]

TIMING: Mapping[str, float] = {
    "poll_interval": 0.05,
    "visible_after_start": 1,
    "running_after_start": 5,
    "inactive_after_stop": 5,
    "minimum_length": 0.05,
}
"""``realtimekit:timing`` of the stack, in seconds: short, so that no test waits long."""

AT_LEAST_ONE = -1
"""A number of calls that depends on how long something took: one or more."""

LIVE = frozenset({"INVOKED", "RECORDING", "PAUSED"})
"""The statuses of a recording that records or is paused."""

_TIMEOUT = 10.0

Plan = Literal["create", "same", "update", "replace", "refused"]
"""What a preview shows; ``refused`` means that the preview itself fails."""

OperationName = Literal["up", "preview", "refresh", "destroy"]


@dataclass
class EmulatedApi:
    """The emulator, with two meetings that have a participant each.

    Attributes:
        control: The emulator's control client.
        meeting_id: The meeting that a step records where it names no other.
        other_meeting_id: A second meeting.
        foreign_id: The recording that somebody outside the stack started; empty without one.
    """

    control: Control
    meeting_id: str
    other_meeting_id: str
    foreign_id: str = ""

    @classmethod
    def create(cls, control: Control) -> EmulatedApi:
        """Create the two meetings."""
        first, second = (control.create_meeting(participants=1).id for _ in range(2))
        return cls(control, first, second)

    @property
    def newest_recording_id(self) -> str:
        """The id of the recording that was started last, in either meeting."""
        return self.control.recordings()[-1].id

    @property
    def live_count(self) -> int:
        """How many recordings are live."""
        return sum(one.status in LIVE for one in self.control.recordings())


Event = Callable[[EmulatedApi], None]


class Placeholder(Enum):
    """Stands in a step's inputs for an id that the emulator assigns when the step runs."""

    MEETING = "meeting_id"
    OTHER_MEETING = "other_meeting_id"
    FOREIGN = "foreign_id"


@dataclass(frozen=True)
class Step:
    """One operation of the stack, and its expected result.

    Attributes:
        operation: ``up`` deploys ``inputs``, ``preview`` only plans them; ``refresh`` and
            ``destroy`` act on what is deployed.
        inputs: Those of the ``TrackRecording`` besides meeting and layers, which are added.
        before: The events before the operation, outside the stack.
        while_waiting: The event once the stack has calls_before twice for a live session.
        plan: The plan that the preview shows.
        calls: The API calls of the operation by kind; kinds that are not named do not occur.
        status: The output ``status`` afterwards; ``None`` where the resource is gone.
        error: A part of the error's text, where the operation is refused or fails.
        message: A part of a message on the resource's row, or of the output ``warning``.
        live_count: How many recordings are live afterwards.
    """

    operation: OperationName
    inputs: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Event, ...] = ()
    while_waiting: Event | None = None
    plan: Plan | None = None
    calls: Mapping[str, int] = field(default_factory=dict)
    status: str | None = None
    error: str | None = None
    message: str | None = None
    live_count: int | None = None


@dataclass(frozen=True)
class Scenario:
    """Named steps, with what they add to the stack's config and to the emulator's settings."""

    name: str
    steps: tuple[Step, ...]
    config: Mapping[str, str] = field(default_factory=dict)
    emulator: Mapping[str, Any] = field(default_factory=dict)


def resolve_inputs(inputs: Mapping[str, Any], emulated_api: EmulatedApi) -> dict[str, Any]:
    """Return complete inputs: meeting and layers added, placeholders replaced by ids."""
    complete = {"meeting_id": Placeholder.MEETING, "layers": {"default": {}}, **inputs}
    return {
        name: getattr(emulated_api, value.value) if isinstance(value, Placeholder) else value
        for name, value in complete.items()
    }


def count_calls_since(control: Control, number: int) -> Counter[str]:
    """Return how many API calls of each kind there were after request ``number``."""
    return Counter(
        request.body["action"]
        if request.route == "act_on_recording"
        else _KIND_BY_ROUTE[request.route]
        for request in control.requests(after=number)
    )


def has_expected_calls(expected: Mapping[str, int], actual: Mapping[str, int]) -> bool:
    """Whether the calls by kind are as expected; :data:`AT_LEAST_ONE` means one or more."""
    return expected.keys() == actual.keys() and all(
        actual[kind] >= 1 if number == AT_LEAST_ONE else actual[kind] == number
        for kind, number in expected.items()
    )


@contextmanager
def trigger_while_waiting(event: Event | None, emulated_api: EmulatedApi) -> Iterator[None]:
    """Trigger an event within the block, once the stack waits for a live session."""
    if event is None:
        yield
        return
    finished = threading.Event()
    calls_before = emulated_api.control.counts().of("active_session")

    def trigger() -> None:
        while not finished.wait(0.02):
            if emulated_api.control.counts().of("active_session") > calls_before + 1:
                event(emulated_api)
                return

    thread = threading.Thread(target=trigger, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join(_TIMEOUT)


_KIND_BY_ROUTE = {
    "active_recording": "active",
    "active_session": "session",
    "get_meeting": "meeting",
    "get_recording": "get",
    "list_recordings": "list",
    "list_sessions": "sessions",
    "start_track": "start",
}
