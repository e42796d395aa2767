"""The life of a recording, step by step, each step a provider process of its own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.provider_process.process import OperationError, State
from tests.provider_process.stack import Run, Stack
from tests.scenarios.all_scenarios import SCENARIOS
from tests.scenarios.steps import (
    Scenario,
    Step,
    World,
    calls_since,
    happening_meanwhile,
    matches,
    resolved,
)


@dataclass
class Resource:
    """One recording as the engine leads it: which call follows which."""

    stack: Stack
    world: World
    state: State | None = None
    plan: str | None = None

    def do(self, run: Run, step: Step) -> None:
        """Do what a step says; the plan is known also where the operation fails."""
        self.plan = None
        if step.does == "refresh":
            assert self.state is not None
            self.state = run.provider.read(self.state)
        elif step.does == "destroy":
            assert self.state is not None
            run.provider.delete(self.state)
            self.state = None
        else:
            self._deploy(run, step)

    def _deploy(self, run: Run, step: Step) -> None:
        declared = resolved(step.inputs, self.world)
        checked = self.stack.checked(run, olds=self.state, **declared)
        self.plan = "create"
        if self.state is not None:
            self.plan = "refused"
            self.plan = run.provider.diff(self.state, checked).plan
        if step.does == "preview" or self.plan == "same":
            return
        if self.state is not None and self.plan == "replace":
            checked = self.stack.checked(run, **declared)
            run.provider.delete(self.state)
            self.state = None
        if self.state is None:
            self.state = run.provider.create(checked)
        else:
            self.state = run.provider.update(self.state, checked)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_recording_lives_as_declared(scenario: Scenario, stack: Stack, world: World) -> None:
    """Plan, API calls, status and words of every step are those that the scenario says."""
    stack.config = scenario.config
    world.control.set(**scenario.emulator)
    resource = Resource(stack, world)
    for number, step in enumerate(scenario.steps, start=1):
        _run_step(resource, step, f"step {number}")


def _run_step(resource: Resource, step: Step, where: str) -> None:
    world = resource.world
    for event in step.before:
        event(world)
    seen = max((request.number for request in world.control.requests()), default=0)
    failure = ""
    with resource.stack.run() as run, happening_meanwhile(step.meanwhile, world):
        try:
            resource.do(run, step)
        except OperationError as error:
            failure = str(error)
    calls = calls_since(world.control, seen)
    assert resource.plan == step.plan, where
    assert matches(step.calls, calls), f"{where}: {dict(calls)}"
    assert bool(failure) == bool(step.fails), f"{where}: {failure}"
    if step.fails is not None:
        assert step.fails in failure, where
        assert step.fails in run.engine.text("error"), where
    elif step.does != "preview":
        status = resource.state.outputs["status"] if resource.state is not None else None
        assert status == step.status, where
    if step.says is not None:
        assert step.says in run.engine.text("progress", "notice", "warning"), where
    if step.live is not None:
        assert world.live == step.live, where
