"""Changes of the config, events outside the stack and deployments, in any order.

``EXAMPLES_FACTOR=5`` in the environment runs five times as many sequences; ``make faults`` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
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
from tests.property_examples import run_examples
from tests.stateful.declared_stack import DeclaredStack
from tests.stateful.deployments import WRITER, Deployments, Report, running_deployments
from tests.stateful.environment import Environment
from tests.stateful.reference_model import LIVE, Outcome, is_recording_wanted
from tests.stateful.strategies import CHANGES, EVENTS, NAMES, NEXT_DEPLOYMENTS
from tools.test_servers.moto_server import MotoServer, running_moto


class StackMachine(RuleBasedStateMachine):
    """A stack of a writer and at most two recordings, two meetings, and what happens outside."""

    deployments: ClassVar[Deployments]
    emulator: ClassVar[EmulatorServer]
    moto: ClassVar[MotoServer]

    @initialize(changes=CHANGES, is_recorded=st.booleans())
    def deploy_first(self, changes: list[tuple[str, Any]], is_recorded: bool) -> None:
        """Deploy a recording of a meeting, which somebody may record already."""
        self.environment = Environment(self.emulator.control, self.moto)
        self.stack = DeclaredStack(self.deployments, self.environment)
        if is_recorded:
            self.environment.start_foreign_recording(0)
        self.change("one", changes, refresh=False)

    # Changes of the config, each with a deployment

    @rule(name=NAMES, changes=CHANGES, refresh=st.booleans())
    def change(self, name: str, changes: list[tuple[str, Any]], refresh: bool) -> None:
        """Change a recording's inputs, or declare another recording."""
        if self.stack.change(name, dict(changes)):
            self.up(refresh)

    @rule(name=NAMES, refresh=st.booleans())
    def remove(self, name: str, refresh: bool) -> None:
        """Remove a recording from the config."""
        if self.stack.remove(name):
            self.up(refresh)

    @rule(refresh=st.booleans())
    def swap_meetings(self, refresh: bool) -> None:
        """Move each recording to the other meeting, in one deployment."""
        self.stack.swap_meetings()
        self.up(refresh)

    @rule(name=NAMES, new=NAMES, refresh=st.booleans())
    def rename(self, name: str, new: str, refresh: bool) -> None:
        """Rename a recording, with an alias."""
        if self.stack.rename(name, new):
            self.up(refresh)

    # Operations of the stack

    @rule()
    def refresh(self) -> None:
        """The state then holds the real statuses."""
        self.deployments.refresh()
        if WRITER in self.deployments.state:
            writer = self.deployments.state[WRITER].outputs
            assert writer["in_sync"] == (writer["access_key"] in self.environment.keys)
        recordings = self.environment.recordings_by_id()
        for state in self.deployments.recordings.values():
            if state.id in recordings and state.outputs["status"] in LIVE:
                assert state.outputs["status"] == recordings[state.id].status

    @rule(refresh=st.booleans())
    def up(self, refresh: bool) -> None:
        """Plans and outcomes are those of the model; a second deployment has no changes."""
        if refresh:
            self.refresh()
        live, writer_plan = self.environment.live_ids(), self.stack.plan_of_writer()
        self.stack.keys_made += writer_plan != "same"
        plans = {name: self.stack.plan_of(name) for name in self.stack.declared}
        report = self.stack.deploy()
        assert report.plans[WRITER] == writer_plan
        assert {name: report.plans[name] for name in self.stack.declared} == plans
        refused = {name for name, plan in plans.items() if plan == "refused"}
        predicted = self.stack.predicted
        failing = {name for name, (outcome, _) in predicted.items() if outcome == "fails"}
        assert report.failures.keys() == refused | failing
        for name, (outcome, live_id) in predicted.items():
            self._check_outcome(name, outcome, live_id)
        self._check_key(writer_plan)
        self._check_unaffected_recordings(live, plans)
        if refresh:
            self._check_wanted_recordings(report)
        if refresh and not report.failures:
            self._check_second_preview()

    @precondition(lambda self: self.deployments.state)
    @rule()
    def destroy(self) -> None:
        """The stack's recordings stop, unless they are to be left; no key remains."""
        live, stored = self.environment.live_ids(), self.deployments.recordings
        stopped = {one.id for one in stored.values() if one.outputs["on_delete"] == "stop"}
        self.stack.add_left_recordings(stored)
        assert not self.deployments.destroy().failures
        assert not self.deployments.state
        assert self.environment.live_ids() == live - stopped
        self.environment.keys.clear()
        assert not self.environment.find_writer_keys()

    def teardown(self) -> None:
        """Every sequence ends with a destroy."""
        if hasattr(self, "stack"):
            self.destroy()
            self.every_live_recording_has_an_owner()

    # Events outside the stack

    @rule(event=EVENTS, meeting=st.sampled_from([0, 1]), deployment=NEXT_DEPLOYMENTS)
    def trigger_event(self, event: str, meeting: int, deployment: str) -> None:
        """Trigger an event of a meeting; a deployment may follow."""
        getattr(self.environment, event)(meeting)
        self._deploy_next(deployment)

    @precondition(lambda self: self.environment.keys)
    @rule(deployment=NEXT_DEPLOYMENTS)
    def delete_keys(self, deployment: str) -> None:
        """Delete the writer's key in the cloud, where only a refresh notices it."""
        self.environment.delete_keys()
        self._deploy_next(deployment)

    def _deploy_next(self, deployment: str) -> None:
        if deployment != "none":
            self.up(deployment == "up --refresh")

    # Invariants

    @invariant()
    def no_meeting_is_recorded_twice(self) -> None:
        recordings = self.environment.recordings_by_id().values()
        live = [one for one in recordings if one.status in LIVE]
        assert max(Counter(one.meeting_id for one in live).values(), default=0) <= 1

    @invariant()
    def every_live_recording_has_an_owner(self) -> None:
        """It is in the state, or somebody else started it, or the stack was told to leave it."""
        stored = {state.id for state in self.deployments.recordings.values()}
        assert self.environment.live_ids() <= stored | self.environment.foreign

    # Checks after a deployment

    def _check_outcome(self, name: str, outcome: Outcome, live_id: str) -> None:
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
            assert self.environment.recordings_by_id()[state.id].status in LIVE

    def _check_key(self, writer_plan: str) -> None:
        if writer_plan != "same":
            self.environment.keys = {self.deployments.state[WRITER].outputs["access_key"]}
            assert self.environment.find_writer_keys().keys() == self.environment.keys

    def _check_unaffected_recordings(self, live: set[str], plans: Mapping[str, str]) -> None:
        """A recording keeps running unless it is replaced or no longer wanted."""
        unaffected = {
            self.deployments.state[name].id
            for name, plan in plans.items()
            if plan in {"same", "update"} and is_recording_wanted(self.stack.declared[name])
        }
        assert live & unaffected <= self.environment.live_ids()

    def _check_wanted_recordings(self, report: Report) -> None:
        recordings = self.environment.recordings_by_id()
        for name in self.stack.declared.keys() - report.failures.keys():
            inputs, state = self.stack.declared[name], self.deployments.state[name]
            status = recordings[state.id].status if state.id in recordings else None
            if not is_recording_wanted(inputs):
                assert status not in LIVE
            elif status in LIVE:
                assert (status == "PAUSED") == (inputs["desired_state"] == "PAUSED")
            elif status is None:
                assert state.outputs["status"] == "NO_SESSION"
                assert not self.environment.has_session(inputs["meeting"])
            else:
                assert inputs["on_ended"] == "keep"
                assert report.plans[name] in {"same", "update"}

    def _check_second_preview(self) -> None:
        plans = self.deployments.preview(self.stack.program())
        assert plans.pop(WRITER) == "same"
        for name, plan in plans.items():
            inputs = self.stack.declared[name]
            had_no_session = self.deployments.state[name].outputs["status"] == "NO_SESSION"
            is_skipped = inputs["on_no_session"] == "skip" and not self.environment.has_session(
                inputs["meeting"]
            )
            is_tried_again = had_no_session and is_recording_wanted(inputs) and not is_skipped
            assert plan == ("replace" if is_tried_again else "same")


@pytest.fixture(scope="module")
def machine() -> Iterator[type[StackMachine]]:
    """The machine, with one emulator and one provider process for all examples."""
    with (
        EmulatorServer() as emulator,
        running_moto() as moto,
        running_deployments(emulator, moto) as deployments,
    ):
        StackMachine.emulator, StackMachine.moto = emulator, moto
        StackMachine.deployments = deployments
        yield StackMachine


@pytest.mark.timeout(900)  # Hypothesis shortens a failing sequence, which takes minutes
def test_in_any_order_a_meeting_has_one_recording_with_an_owner(
    machine: type[StackMachine],
) -> None:
    """Plans and outcomes are the model's, whatever happens between two deployments."""
    run_state_machine_as_test(machine, settings=run_examples(15, stateful_step_count=25))
