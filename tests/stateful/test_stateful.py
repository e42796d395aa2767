"""Config changes, people in dashboards and deployments in any order: one recording, one owner.

``EXAMPLES=5`` in the environment tells five times as many stories, as ``make faults`` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from realtimekit_emulator import EmulatorServer
from realtimekit_emulator.control.records import RecordingState
from tests.property_examples import run_examples
from tests.provider_process.process import State
from tests.scenarios.common_steps import aws
from tests.stateful.deployments import WRITER, Deployments, Program, Report, running_deployments
from tests.stateful.reference_model import (
    ARCHIVE,
    DEFAULTS,
    LIVE,
    Known,
    Outcome,
    expected_plan,
    expected_start,
    expected_writer_plan,
    wants_one,
)
from tools.test_servers.moto_server import MotoServer, running_moto

NAMES = st.sampled_from(["one", "two", "three"])
WISHES: Mapping[str, tuple[Any, ...]] = {
    "desired_state": ("RECORDING", "PAUSED", "STOPPED"),
    "on_ended": ("keep", "restart", "fail"),
    "on_no_session": ("fail", "skip"),
    "on_conflict": ("fail", "adopt", "stop"),
    "on_delete": ("stop", "leave"),
    "replace_live": ("allow", "refuse"),
    "max_seconds": (None, 600),
    "bucket": (None, "example-a", ARCHIVE),
    "key": (1, 2),
}
_STATES = st.tuples(st.just("desired_state"), st.sampled_from(WISHES["desired_state"]))
_ENDS = st.tuples(st.just("on_delete"), st.sampled_from(WISHES["on_delete"]))
_ANY = st.sampled_from([(name, value) for name, values in WISHES.items() for value in values])
SOME_CHANGES = st.one_of(
    st.lists(_STATES | _ENDS, min_size=1, max_size=1), st.lists(_ANY, min_size=1, max_size=3)
)
EVENTS = (
    "somebody_pauses",
    "somebody_resumes",
    "somebody_pauses",
    "somebody_resumes",
    "somebody_joins",
    "somebody_joins",
    "the_session_ends",
    "everybody_leaves_for_long",
    "somebody_stops",
    "it_breaks",
    "somebody_records_too",
    "it_is_deleted",
)
NEXT = st.sampled_from(["nothing", "up --refresh", "up"])
"""What follows what happens elsewhere."""
_WRITER_INPUTS = {"kind": "aws", "name": ARCHIVE, "bucket": ARCHIVE, "region": "eu-central-1"}


class Recordings(RuleBasedStateMachine):
    """A stack of a writer and at most two recordings, two meetings, and everybody around them."""

    deployments: ClassVar[Deployments]
    emulator: ClassVar[EmulatorServer]
    moto: ClassVar[MotoServer]

    @initialize(changes=SOME_CHANGES, recorded=st.booleans())
    def begin(self, changes: list[tuple[str, Any]], recorded: bool) -> None:
        """Two meetings with somebody in each, and a recording of the first.

        Sometimes somebody records the first one already.

        The API lets a meeting be recorded twice here: that it is not must be our doing.
        """
        self.control = self.emulator.control
        self.control.reset()
        self.control.set(second_start="accept", invoked_seconds=0.0, upload_seconds=0.0)
        self.meetings = [self.control.create_meeting(participants=1).id for _ in range(2)]
        self.deployments.state.clear()
        self.declared: dict[str, dict[str, Any]] = {}
        self.renames: dict[str, str] = {}
        self.deployed: dict[str, dict[str, Any]] = {}
        self.keys_made = 0
        self.keys: set[str] = set()
        self.of_others: set[str] = set()
        self.expected: dict[str, tuple[Outcome, str]] = {}
        self.deployments.before_create = self._expect
        if recorded:
            self.somebody_records_too(0)
        self.change("one", changes, refresh=False)

    # What a reviewer sees, and the pipeline deploys.

    @rule(name=NAMES, changes=SOME_CHANGES, refresh=st.booleans())
    def change(self, name: str, changes: list[tuple[str, Any]], refresh: bool) -> None:
        """Wishes are changed, or another recording is declared where a meeting is free."""
        taken = {one["meeting"] for one in self.declared.values()}
        free = [meeting for meeting in (0, 1) if meeting not in taken]
        if name not in self.declared and not free:
            return
        known = self.declared.get(name) or {**DEFAULTS, "meeting": free[0]}
        self.declared[name] = {**known, **dict(changes)}
        self.up(refresh)

    @rule(name=NAMES, refresh=st.booleans())
    def take_out(self, name: str, refresh: bool) -> None:
        """A recording is no longer declared."""
        if self.declared.pop(name, None):
            self.up(refresh)

    @rule(refresh=st.booleans())
    def move(self, refresh: bool) -> None:
        """Each recording moves to the other meeting, at once."""
        for name, wishes in self.declared.items():
            self.declared[name] = {**wishes, "meeting": 1 - wishes["meeting"]}
        self.up(refresh)

    @rule(name=NAMES, new=NAMES, refresh=st.booleans())
    def rename(self, name: str, new: str, refresh: bool) -> None:
        """A recording gets another name, and an alias."""
        taken = self.declared.keys() | self.deployments.state.keys()
        if name in self.declared and name in self.deployments.state and new not in taken:
            self.declared[new] = self.declared.pop(name)
            self.renames[new] = name
            self.up(refresh)

    @rule()
    def refresh(self) -> None:
        """The state then says what is true."""
        self.deployments.refresh()
        if WRITER in self.deployments.state:
            writer = self.deployments.state[WRITER].outputs
            assert writer["intact"] == (writer["access_key"] in self.keys)
        for state in self.deployments.recordings.values():
            actual = self.all_recordings().get(state.id)
            if actual is not None and state.outputs["status"] in LIVE:
                assert state.outputs["status"] == actual.status

    @rule(refresh=st.booleans())
    def up(self, refresh: bool) -> None:
        """Each plan and each outcome is the reference's; a second deployment plans nothing."""
        if refresh:
            self.refresh()
        running, writer_plan = self.running(), self.plan_of_the_writer()
        self.keys_made += writer_plan != "same"
        plans = {name: self.plan_of(name) for name in self.declared}
        report = self._deployed()
        assert report.plans[WRITER] == writer_plan
        assert {name: report.plans[name] for name in self.declared} == plans
        refused = {name for name, plan in plans.items() if plan == "refused"}
        failing = {name for name, (outcome, _) in self.expected.items() if outcome == "fails"}
        assert report.failures.keys() == refused | failing
        for name, (outcome, live_id) in self.expected.items():
            self._became_of(name, outcome, live_id)
        self._became_of_the_key(writer_plan)
        self._what_runs_goes_on(running, plans)
        if refresh:
            self._everything_wanted_is_active(report)
        if refresh and not report.failures:
            self._a_second_one_plans_nothing()

    @precondition(lambda self: self.deployments.state)
    @rule()
    def destroy(self) -> None:
        """What is ours stops, what is to be left goes on, no key is left; all stays declared."""
        running, ours = self.running(), self.deployments.recordings
        stopped = {one.id for one in ours.values() if one.outputs["on_delete"] == "stop"}
        self._note_what_is_left(ours)
        assert not self.deployments.destroy().failures
        assert not self.deployments.state
        assert self.running() == running - stopped
        self.keys.clear()
        assert not self.keys_in_the_cloud()

    def teardown(self) -> None:
        """Every story ends with a destroy, and nothing of ours is left."""
        if hasattr(self, "control"):
            self.destroy()
            self.every_live_recording_has_an_owner()

    # What happens elsewhere.

    @rule(event=st.sampled_from(EVENTS), meeting=st.sampled_from([0, 1]), then=NEXT)
    def something_happens(self, event: str, meeting: int, then: str) -> None:
        """To a meeting, or to what records it; and sometimes a deployment comes next."""
        getattr(self, event)(meeting)
        self._next(then)

    @precondition(lambda self: self.keys)
    @rule(then=NEXT)
    def the_key_is_deleted(self, then: str) -> None:
        """In the cloud, where only a refresh notices; recordings on their way do not."""
        iam = self.moto.client("iam")
        for key, user in self.keys_in_the_cloud().items():
            iam.delete_access_key(UserName=user, AccessKeyId=key)
        self.keys.clear()
        self._next(then)

    def _next(self, then: str) -> None:
        if then != "nothing":
            self.up(then == "up --refresh")

    def somebody_joins(self, meeting: int) -> None:
        self.control.join(self.meetings[meeting])

    def the_session_ends(self, meeting: int) -> None:
        if self.has_session(meeting):
            self.control.end_session(self.meetings[meeting])

    def everybody_leaves_for_long(self, meeting: int) -> None:
        if self.has_session(meeting):
            self.control.leave(self.meetings[meeting])
            self.control.advance(61)

    def somebody_pauses(self, meeting: int) -> None:
        self._force(meeting, "PAUSED")

    def somebody_resumes(self, meeting: int) -> None:
        self._force(meeting, "RECORDING")

    def somebody_stops(self, meeting: int) -> None:
        self._force(meeting, "UPLOADED")

    def it_breaks(self, meeting: int) -> None:
        self._force(meeting, "ERRORED")

    def somebody_records_too(self, meeting: int) -> None:
        if not self.live(meeting) and self.has_session(meeting):
            self.of_others.add(self.control.start_recording(self.meetings[meeting]))

    def it_is_deleted(self, meeting: int) -> None:
        for one in self.live(meeting):
            self.control.force(one.id, "UPLOADED")
            path = f"*/recordings/{one.id}"
            self.control.add_fault("status", path=path, status=404)

    def _force(self, meeting: int, status: str) -> None:
        for one in self.live(meeting):
            self.control.force(one.id, status)

    # What is always true.

    @invariant()
    def no_meeting_is_recorded_twice(self) -> None:
        live = [one for one in self.all_recordings().values() if one.status in LIVE]
        assert max(Counter(one.meeting_id for one in live).values(), default=0) <= 1

    @invariant()
    def every_live_recording_has_an_owner(self) -> None:
        """The state, the dashboard's user, or whoever asked to leave it running."""
        known = {state.id for state in self.deployments.recordings.values()} | self.of_others
        assert self.running() <= known

    # How it is known.

    def all_recordings(self) -> dict[str, RecordingState]:
        return {one.id: one for one in self.control.recordings()}

    def running(self) -> set[str]:
        return {one.id for one in self.control.recordings() if one.status in LIVE}

    def live(self, meeting: int) -> list[RecordingState]:
        of_meeting = self.control.recordings(self.meetings[meeting])
        return [one for one in of_meeting if one.status in LIVE]

    def has_session(self, meeting: int) -> bool:
        return self.control.meeting(self.meetings[meeting]).session_id is not None

    def keys_in_the_cloud(self) -> dict[str, str]:
        """Which user each key is of that the writer made and the cloud still knows."""
        iam = self.moto.client("iam")
        names = [one["UserName"] for one in iam.list_users()["Users"]]
        return {
            key["AccessKeyId"]: name
            for name in names
            if name.startswith(f"{ARCHIVE}-")
            for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        }

    def program(self) -> Program:
        recordings = {name: partial(self._inputs, it) for name, it in self.declared.items()}
        return {WRITER: lambda: _WRITER_INPUTS, **recordings}

    def _inputs(self, wishes: Mapping[str, Any]) -> dict[str, Any]:
        ours = {"meeting", "bucket", "key"}
        inputs = {key: it for key, it in wishes.items() if key not in ours and it is not None}
        if wishes["bucket"] == ARCHIVE:
            writer = self.deployments.state[WRITER].outputs
            credential = {name: writer[name] for name in ("access_key", "secret")}
            inputs["layers"] = aws(bucket=ARCHIVE, **credential)
        elif wishes["bucket"] is not None:
            inputs["layers"] = aws(bucket=wishes["bucket"], secret=f"canary-{wishes['key']}")
        return {**inputs, "meeting_id": self.meetings[wishes["meeting"]]}

    def plan_of(self, name: str) -> str:
        return expected_plan(self._known(name), self._compared(self._wishes(name)))

    def plan_of_the_writer(self) -> str:
        writer = self.deployments.state.get(WRITER)
        is_intact = writer is not None and writer.outputs["intact"]
        return expected_writer_plan(is_known=writer is not None, is_intact=is_intact)

    def _wishes(self, name: str) -> dict[str, Any]:
        wishes = self.declared[name]
        return {**wishes, "key": self.keys_made} if wishes["bucket"] == ARCHIVE else wishes

    def _known(self, name: str) -> Known | None:
        old = name if name in self.deployments.state else self.renames.get(name, name)
        if old not in self.deployments.state:
            return None
        outputs = self.deployments.state[old].outputs
        wishes = {**self.deployed[old], "desired_state": outputs["desired_state"]}
        return Known(self._compared(wishes), outputs["status"])

    def _compared(self, wishes: Mapping[str, Any]) -> Mapping[str, Any]:
        """A key is nobody's concern where there is no bucket."""
        return {**wishes, "key": wishes["key"] if wishes["bucket"] else None}

    def _deployed(self) -> Report:
        self.expected.clear()
        removed = set(self.deployments.recordings) - set(self.declared) - set(self.renames.values())
        leaving = {name: self.deployments.state[name] for name in removed}
        for new, old in self.renames.items():
            self.deployed[new] = self.deployed.pop(old, {})
        report = self.deployments.up(self.program(), refresh=False, renames=self.renames)
        self.renames.clear()
        if not report.failures:
            self._note_what_is_left(leaving)
        for name in self.declared.keys() - report.failures.keys():
            self.deployed[name] = self._wishes(name)
        self.of_others -= {state.id for state in self.deployments.recordings.values()}
        return report

    def _note_what_is_left(self, leaving: Mapping[str, State]) -> None:
        for state in leaving.values():
            if state.outputs["on_delete"] == "leave":
                self.of_others.add(state.id)

    def _expect(self, name: str) -> None:
        wishes = self.declared[name]
        live = next(iter(self.live(wishes["meeting"])), None)
        outcome = expected_start(
            wishes,
            mark=self.deployments.stack.mark(name),
            live_name=None if live is None else _file_name(live),
            has_session=self.has_session(wishes["meeting"]),
        )
        self.expected[name] = (outcome, live.id if live is not None else "")

    def _became_of(self, name: str, outcome: Outcome, live_id: str) -> None:
        state = self.deployments.state.get(name)
        if outcome == "fails":
            assert state is None
            return
        assert state is not None
        if outcome in {"own", "adopted"}:
            assert state.id == live_id
        elif outcome in {"NO_SESSION", "NOT_STARTED"}:
            assert state.outputs["status"] == outcome
        else:
            assert state.id != live_id
            assert self.all_recordings()[state.id].status in LIVE

    def _became_of_the_key(self, writer_plan: str) -> None:
        if writer_plan != "same":
            self.keys = {self.deployments.state[WRITER].outputs["access_key"]}
            assert self.keys_in_the_cloud().keys() == self.keys

    def _what_runs_goes_on(self, running: set[str], plans: Mapping[str, str]) -> None:
        """Unless it is replaced, or not wanted."""
        going_on = {
            self.deployments.state[name].id
            for name, plan in plans.items()
            if plan in {"same", "update"} and wants_one(self.declared[name])
        }
        assert running & going_on <= self.running()

    def _everything_wanted_is_active(self, report: Report) -> None:
        recordings = self.all_recordings()
        for name in self.declared.keys() - report.failures.keys():
            wishes, state = self.declared[name], self.deployments.state[name]
            actual = recordings[state.id].status if state.id in recordings else None
            is_live = actual in LIVE
            if not wants_one(wishes):
                assert not is_live
            elif is_live:
                assert (actual == "PAUSED") == (wishes["desired_state"] == "PAUSED")
            elif actual is None:
                assert state.outputs["status"] == "NO_SESSION"
                assert not self.has_session(wishes["meeting"])
            else:
                assert wishes["on_ended"] == "keep"
                assert report.plans[name] in {"same", "update"}

    def _a_second_one_plans_nothing(self) -> None:
        plans = self.deployments.preview(self.program())
        assert plans.pop(WRITER) == "same"
        for name, plan in plans.items():
            tries_again = self.deployments.state[name].outputs["status"] == "NO_SESSION"
            is_wanted = wants_one(self.declared[name])
            assert plan == ("replace" if tries_again and is_wanted else "same")


def _file_name(recording: RecordingState) -> str:
    return "+".join(str(layer.get("file_name_prefix")) for layer in recording.layers.values())


@pytest.fixture(scope="module")
def machine() -> Iterator[type[Recordings]]:
    """The machine, on one emulator and one provider process for all examples."""
    with (
        EmulatorServer() as emulator,
        running_moto() as moto,
        running_deployments(emulator, moto) as deployments,
    ):
        Recordings.emulator, Recordings.moto = emulator, moto
        Recordings.deployments = deployments
        yield Recordings


@pytest.mark.timeout(900)  # a story that fails is made short, which takes minutes
def test_in_any_order_there_is_one_recording_and_it_has_an_owner(
    machine: type[Recordings],
) -> None:
    """Plans and outcomes are the reference's, whatever happens between two deployments."""
    run_state_machine_as_test(machine, settings=run_examples(15, stateful_step_count=25))
