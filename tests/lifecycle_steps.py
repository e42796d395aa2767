"""The life of a recording as data: the same steps are run at several heights.

A scenario is a list of steps. A step says what happens in the world, what the stack then does,
and what must be seen: the plan, the API calls by kind, the status in the state. A runner needs
an emulator (with the settings of :func:`realtimekit_emulator.settings.fast`), a stack with
:data:`BOUNDS`, and one ``TrackRecording`` whose inputs a step gives.
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
    "BOUNDS",
    "MANY",
    "SCENARIOS",
    "Given",
    "Scenario",
    "Step",
    "World",
    "calls_since",
    "happening_meanwhile",
    "matches",
    "resolved",
]

BOUNDS: Mapping[str, float] = {
    "poll": 0.05,
    "appear": 1,
    "begin": 5,
    "release": 5,
    "shortest": 0.05,
}
"""``realtimekit:bounds`` of the stack: nothing waits long."""

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


def it_begins(world: World) -> None:
    world.control.wait_for(world.newest, "RECORDING")


def it_is_uploaded(world: World) -> None:
    world.control.wait_for(world.newest, "UPLOADED")


def dashboard_pauses(world: World) -> None:
    it_begins(world)
    world.control.force(world.newest, "PAUSED")


def dashboard_resumes(world: World) -> None:
    world.control.force(world.newest, "RECORDING")


def everybody_leaves(world: World) -> None:
    for meeting in (world.meeting_id, world.other_meeting_id):
        if world.control.meeting(meeting).session_id is not None:
            world.control.end_session(meeting)


def the_session_ends(world: World) -> None:
    it_begins(world)
    everybody_leaves(world)
    it_is_uploaded(world)


def somebody_joins(world: World) -> None:
    world.control.join(world.meeting_id)


def somebody_else_starts(world: World) -> None:
    world.foreign_id = world.control.start_recording(world.meeting_id)
    it_begins(world)


def it_is_deleted(world: World) -> None:
    world.control.force(world.newest, "UPLOADED")
    world.control.add_fault("status", route="get_recording", status=404)


def a_proxy_answers(world: World) -> None:
    world.control.add_fault("status", status=404, body="html")


def faults_are_over(world: World) -> None:
    world.control.clear_faults()


def aws(**changes: str) -> dict[str, Any]:
    """A layer's input ``layers`` with one layer that is written to a bucket of one's own."""
    config = {
        "type": "aws",
        "access_key": "AKIACANARYONE",
        "secret": "canary-secret-of-step-one",
        "bucket": "recordings",
        "region": "eu-central-1",
        "path": "standups",
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": {**config, **changes}}
    return {"default": {"outputs": [output]}}


CREATE = {"active": 1, "start": 1}
"""The budget of a start."""

_STARTED = Step("up", plan="create", calls=CREATE, status="INVOKED", live=1)
_UNCHANGED = Step("up", plan="same", status="INVOKED", live=1)
_DESTROYED = Step("destroy", calls={"stop": 1}, live=0)


def _replaced_by(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Scenario:
    return Scenario(
        f"a change of {name} is another recording",
        (
            Step("up", before, plan="create", calls=CREATE, status="INVOKED"),
            Step("preview", after, plan="replace"),
        ),
    )


_LIFE = (
    Scenario(
        "started, paused, resumed and stopped",
        (
            _STARTED,
            Step(
                "up",
                {"desired_state": "PAUSED"},
                before=(it_begins,),
                plan="update",
                calls={"pause": 1},
                status="PAUSED",
                live=1,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="PAUSED"),
            Step(
                "up",
                {"desired_state": "RECORDING"},
                plan="update",
                calls={"resume": 1},
                status="RECORDING",
                live=1,
            ),
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
                live=0,
            ),
            Step("up", {"desired_state": "STOPPED"}, plan="same", status="UPLOADING"),
            Step("destroy", live=0),
        ),
    ),
    Scenario(
        "no change costs no call",
        (_STARTED, _UNCHANGED, Step("preview", plan="same"), _DESTROYED),
    ),
    Scenario(
        "paused from the start",
        (
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="create",
                calls={**CREATE, "get": MANY, "pause": 1},
                status="PAUSED",
                live=1,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="PAUSED"),
            _DESTROYED,
        ),
    ),
    Scenario(
        "stopped from the start, then recording",
        (
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="create",
                status="NOT_STARTED",
                says="nothing is started",
                live=0,
            ),
            Step("up", {"desired_state": "STOPPED"}, plan="same", status="NOT_STARTED"),
            Step("up", plan="replace", calls=CREATE, status="INVOKED", live=1),
            _DESTROYED,
        ),
    ),
    Scenario(
        "from stopped back to recording is another recording",
        (
            _STARTED,
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
            ),
            Step("up", plan="replace", calls=CREATE, status="INVOKED", live=1),
        ),
    ),
    Scenario(
        "a replacement stops the old recording first",
        (
            _STARTED,
            Step(
                "up",
                {"max_seconds": 600},
                plan="replace",
                calls={"stop": 1, **CREATE},
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "another meeting is another recording",
        (
            _STARTED,
            Step(
                "up",
                {"meeting_id": Given.OTHER_MEETING},
                plan="replace",
                calls={"stop": 1, **CREATE},
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "destroying what was never started costs no call",
        (
            Step("up", {"desired_state": "STOPPED"}, plan="create", status="NOT_STARTED"),
            Step("destroy", live=0),
        ),
    ),
    Scenario(
        "a refresh of what is uploaded costs no call",
        (
            _STARTED,
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step("refresh", status="UPLOADED"),
            Step("destroy", live=0),
        ),
    ),
)

_REPLACING = (
    _replaced_by("meeting_id", {}, {"meeting_id": Given.OTHER_MEETING}),
    _replaced_by("account_id", {}, {"account_id": "another"}),
    _replaced_by("app_id", {}, {"app_id": "another"}),
    _replaced_by("max_seconds", {}, {"max_seconds": 600}),
    _replaced_by("a layer's name", {}, {"layers": {"other": {}}}),
    _replaced_by("a layer's prefix", {}, {"layers": {"default": {"file_name_prefix": "standup"}}}),
    _replaced_by("the number of layers", {}, {"layers": {"default": {}, "default-video": {}}}),
    _replaced_by("an output's type", {}, {"layers": aws()}),
    _replaced_by("the storage's type", {"layers": aws()}, {"layers": aws(type="digitalocean")}),
    _replaced_by("the bucket", {"layers": aws()}, {"layers": aws(bucket="others")}),
    _replaced_by("the path", {"layers": aws()}, {"layers": aws(path="elsewhere")}),
    _replaced_by("the region", {"layers": aws()}, {"layers": aws(region="us-east-1")}),
)

_TAKING_NOTE = (
    Scenario(
        "a rotated credential is taken note of without a call",
        (
            Step("up", {"layers": aws()}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"layers": aws(access_key="AKIACANARYTWO", secret="canary-secret-of-step-two")},
                plan="update",
                status="INVOKED",
                says="the recording that runs keeps those it was started with",
                live=1,
            ),
            Step(
                "up",
                {"layers": aws(access_key="AKIACANARYTWO", secret="canary-secret-of-step-two")},
                plan="same",
                status="INVOKED",
            ),
        ),
    ),
    Scenario(
        "a changed policy is taken note of without a call",
        (
            _STARTED,
            Step("up", {"on_ended": "restart"}, plan="update", status="INVOKED", live=1),
            Step("up", {"on_ended": "restart"}, plan="same", status="INVOKED"),
        ),
    ),
    Scenario(
        "a policy of the whole stack is that of the resource",
        (
            Step(
                "up",
                before=(everybody_leaves,),
                plan="create",
                status="NO_SESSION",
                calls={**CREATE, "active": 2, "session": 1, "meeting": 1},
                live=0,
            ),
        ),
        config={"realtimekit:onNoSession": "skip"},
    ),
)

_NO_SESSION = (
    Scenario(
        "nobody there: fail",
        (
            Step(
                "up",
                before=(everybody_leaves,),
                plan="create",
                calls={"active": 2, "start": 1, "session": 1, "meeting": 1},
                fails="so there is nothing to record",
                live=0,
            ),
            Step("up", before=(somebody_joins,), plan="create", calls=CREATE, status="INVOKED"),
        ),
    ),
    Scenario(
        "nobody there: skip, and start at the next deployment",
        (
            Step(
                "up",
                {"on_no_session": "skip"},
                before=(everybody_leaves,),
                plan="create",
                calls={"active": 2, "start": 1, "session": 1, "meeting": 1},
                status="NO_SESSION",
                says="The next deployment tries again",
                live=0,
            ),
            Step("refresh", status="NO_SESSION"),
            Step(
                "up",
                {"on_no_session": "skip"},
                before=(somebody_joins,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "nobody there: wait until somebody comes",
        (
            Step(
                "up",
                {"on_no_session": "wait", "session_timeout": 20},
                before=(everybody_leaves,),
                meanwhile=somebody_joins,
                plan="create",
                calls={"active": MANY, "start": 2, "session": MANY, "meeting": 1},
                status="INVOKED",
                says="for somebody to join meeting",
                live=1,
            ),
        ),
    ),
    Scenario(
        "nobody there: waiting is bounded",
        (
            Step(
                "up",
                {"on_no_session": "wait", "session_timeout": 0.2},
                before=(everybody_leaves,),
                plan="create",
                calls={"active": 2, "start": 1, "session": MANY, "meeting": 1},
                fails="nobody joined meeting",
                live=0,
            ),
        ),
    ),
)

_ENDED = (
    Scenario(
        "ended by itself: keep",
        (
            _STARTED,
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step("up", plan="same", status="UPLOADED", live=0),
        ),
    ),
    Scenario(
        "ended by itself: restart",
        (
            Step("up", {"on_ended": "restart"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step(
                "up",
                {"on_ended": "restart"},
                before=(somebody_joins,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "ended by itself: fail",
        (
            Step("up", {"on_ended": "fail"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step("up", {"on_ended": "fail"}, plan="refused", fails="on_ended is 'fail'", live=0),
            Step(
                "up",
                {"on_ended": "fail", "desired_state": "STOPPED"},
                plan="update",
                status="UPLOADED",
                live=0,
            ),
        ),
    ),
    Scenario(
        "ended unnoticed: a pause says so and records what is true",
        (
            _STARTED,
            Step(
                "up",
                {"desired_state": "PAUSED"},
                before=(the_session_ends,),
                plan="update",
                calls={"pause": 1, "get": 1},
                status="UPLOADED",
                says="The next deployment follows on_ended",
                live=0,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="UPLOADED"),
        ),
    ),
    Scenario(
        "ended unnoticed: destroying it is success",
        (
            _STARTED,
            Step("destroy", before=(the_session_ends,), calls={"stop": 1, "get": 1}, live=0),
        ),
    ),
)

_CONFLICT = (
    Scenario(
        "already recorded: fail",
        (
            Step(
                "up",
                before=(somebody_else_starts,),
                plan="create",
                calls={"active": 1},
                fails="already has an active recording",
                live=1,
            ),
        ),
    ),
    Scenario(
        "already recorded: adopt",
        (
            Step(
                "up",
                {"on_conflict": "adopt"},
                before=(somebody_else_starts,),
                plan="create",
                calls={"active": 1},
                status="RECORDING",
                says="taking over recording",
                live=1,
            ),
            _DESTROYED,
        ),
    ),
    Scenario(
        "already recorded: stop",
        (
            Step(
                "up",
                {"on_conflict": "stop"},
                before=(somebody_else_starts,),
                plan="create",
                calls={"active": 2, "stop": 1, "start": 1},
                status="INVOKED",
                says="because on_conflict is 'stop'",
                live=1,
            ),
        ),
    ),
)

_ADOPTING = (
    Scenario(
        "a recording is taken over, and the setting taken out again",
        (
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN},
                before=(somebody_else_starts,),
                plan="create",
                calls={"get": 1, "active": 1},
                status="RECORDING",
                live=1,
            ),
            Step("up", {"adopt_recording_id": Given.FOREIGN}, plan="same", status="RECORDING"),
            Step("up", plan="same", status="RECORDING", live=1),
            _DESTROYED,
        ),
    ),
    Scenario(
        "one that was taken over and ended: restart",
        (
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN, "on_ended": "restart"},
                before=(somebody_else_starts,),
                plan="create",
                calls={"get": 1, "active": 1},
                status="RECORDING",
                live=1,
            ),
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN, "on_ended": "restart"},
                before=(somebody_joins,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "what does not exist cannot be taken over",
        (
            Step(
                "up",
                {"adopt_recording_id": "nobody-knows-it"},
                plan="create",
                calls={"get": 1},
                fails="which the API does not know",
                live=0,
            ),
        ),
    ),
    Scenario(
        "a recording of another meeting cannot be taken over",
        (
            Step(
                "up",
                {"meeting_id": Given.OTHER_MEETING, "adopt_recording_id": Given.FOREIGN},
                before=(somebody_else_starts,),
                plan="create",
                calls={"get": 1, "active": 1, "list": 1},
                fails="which is not one of meeting",
                live=1,
            ),
        ),
    ),
    Scenario(
        "what has ended cannot be taken over",
        (
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN},
                before=(somebody_else_starts, the_session_ends),
                plan="create",
                calls={"get": 1},
                fails="which has ended",
                live=0,
            ),
        ),
    ),
)

_DELETING = (
    Scenario(
        "on_delete leave: the recording goes on",
        (
            Step("up", {"on_delete": "leave"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("destroy", says="is left as it is", live=1),
        ),
    ),
    Scenario(
        "on_delete leave: a replacement still stops the old recording",
        (
            Step("up", {"on_delete": "leave"}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"on_delete": "leave", "max_seconds": 600},
                plan="replace",
                calls={"stop": 1, **CREATE},
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "replace_live refuse: a live recording is not interrupted",
        (
            Step("up", {"replace_live": "refuse"}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"replace_live": "refuse", "max_seconds": 600},
                plan="refused",
                fails="replace_live is 'refuse'",
                live=1,
            ),
            Step(
                "up",
                {"replace_live": "refuse", "desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
            ),
            Step(
                "up",
                {"replace_live": "refuse", "max_seconds": 600},
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "wait_for_upload: a stop waits for the files",
        (
            Step("up", {"wait_for_upload": 10}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"wait_for_upload": 10, "desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1, "get": MANY},
                status="UPLOADED",
                live=0,
            ),
            Step("destroy", live=0),
        ),
    ),
    Scenario(
        "wait_for_upload: destroying waits for the files",
        (
            Step("up", {"wait_for_upload": 10}, plan="create", calls=CREATE, status="INVOKED"),
            Step("destroy", calls={"stop": 1, "get": MANY}, live=0),
        ),
    ),
    Scenario(
        "wait_for_upload: waiting is bounded",
        (
            Step("up", {"wait_for_upload": 0.2}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "destroy",
                calls={"stop": 1, "get": MANY},
                fails="its files have not landed",
                live=0,
            ),
        ),
        emulator={"upload_seconds": 3600},
    ),
)

_DRIFT = (
    Scenario(
        "paused in the dashboard: shown by the next preview, and resumed",
        (
            _STARTED,
            Step("refresh", before=(dashboard_pauses,), calls={"get": 1}, status="PAUSED"),
            Step("preview", plan="update"),
            Step("up", plan="update", calls={"resume": 1}, status="RECORDING", live=1),
            Step("up", plan="same", status="RECORDING"),
        ),
    ),
    Scenario(
        "resumed in the dashboard: shown by the next preview, and paused",
        (
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="create",
                calls={**CREATE, "get": MANY, "pause": 1},
                status="PAUSED",
            ),
            Step("refresh", before=(dashboard_resumes,), calls={"get": 1}, status="RECORDING"),
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="update",
                calls={"pause": 1},
                status="PAUSED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "deleted: gone, and started again",
        (
            _STARTED,
            Step("refresh", before=(it_begins, it_is_deleted), calls={"get": 1}, status=None),
            Step(
                "up",
                before=(faults_are_over,),
                plan="create",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "a proxy's 404: neither gone nor forgotten",
        (
            _STARTED,
            Step(
                "refresh",
                before=(it_begins, a_proxy_answers),
                calls={"get": 1},
                fails="mend cloudflare:baseUrl",
                live=1,
            ),
            Step("destroy", calls={"stop": 1, "get": 1}, fails="mend cloudflare:baseUrl", live=1),
            Step("destroy", before=(faults_are_over,), calls={"stop": 1}, live=0),
        ),
    ),
)

SCENARIOS: tuple[Scenario, ...] = (
    *_LIFE,
    *_REPLACING,
    *_TAKING_NOTE,
    *_NO_SESSION,
    *_ENDED,
    *_CONFLICT,
    *_ADOPTING,
    *_DELETING,
    *_DRIFT,
)
