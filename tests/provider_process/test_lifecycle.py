"""The life of a recording, step by step, each step a provider process of its own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.provider_process.process import OperationError, State
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.all_scenarios import SCENARIOS
from tests.scenarios.steps import (
    EmulatedApi,
    Scenario,
    Step,
    count_calls_since,
    has_expected_calls,
    resolve_inputs,
    trigger_while_waiting,
)


@dataclass
class Resource:
    """One recording as the engine treats it: which call follows which."""

    stack: ProviderStack
    emulated_api: EmulatedApi
    state: State | None = None
    plan: str | None = None

    def do(self, deployment: RunningDeployment, step: Step) -> None:
        """Do what a step says; the plan is known also where the operation fails."""
        self.plan = None
        if step.operation == "refresh":
            assert self.state is not None
            self.state = deployment.provider.read(self.state)
        elif step.operation == "destroy":
            assert self.state is not None
            deployment.provider.delete(self.state)
            self.state = None
        else:
            self._deploy(deployment, step)

    def _deploy(self, deployment: RunningDeployment, step: Step) -> None:
        declared = resolve_inputs(step.inputs, self.emulated_api)
        checked = self.stack.check(deployment, olds=self.state, **declared)
        self.plan = "create"
        if self.state is not None:
            self.plan = "refused"
            self.plan = deployment.provider.diff(self.state, checked).plan
        if step.operation == "preview" or self.plan == "same":
            return
        if self.state is not None and self.plan == "replace":
            checked = self.stack.check(deployment, **declared)
            deployment.provider.delete(self.state)
            self.state = None
        if self.state is None:
            self.state = deployment.provider.create(checked)
        else:
            self.state = deployment.provider.update(self.state, checked)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_recording_lives_as_declared(
    scenario: Scenario, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Plan, API calls, status and messages of every step are those of the scenario."""
    stack.config = scenario.config
    emulated_api.control.set(**scenario.emulator)
    resource = Resource(stack, emulated_api)
    for number, step in enumerate(scenario.steps, start=1):
        _run_step(resource, step, f"step {number}")


def _run_step(resource: Resource, step: Step, where: str) -> None:
    emulated_api = resource.emulated_api
    for event in step.before:
        event(emulated_api)
    seen = max((request.number for request in emulated_api.control.requests()), default=0)
    failure = ""
    with (
        resource.stack.deploy() as deployment,
        trigger_while_waiting(step.while_waiting, emulated_api),
    ):
        try:
            resource.do(deployment, step)
        except OperationError as error:
            failure = str(error)
    calls = count_calls_since(emulated_api.control, seen)
    assert resource.plan == step.plan, where
    assert has_expected_calls(step.calls, calls), f"{where}: {dict(calls)}"
    assert bool(failure) == bool(step.error), f"{where}: {failure}"
    if step.error is not None:
        assert step.error in failure, where
        own_lines = deployment.engine.get_lines("error")
        assert own_lines == [], f"{where}: the engine prints the error by itself"
    elif step.operation != "preview":
        status = resource.state.outputs["status"] if resource.state is not None else None
        assert status == step.status, where
    if step.message is not None:
        assert step.message in deployment.engine.get_text("progress", "notice", "warning"), where
    if step.live_count is not None:
        assert emulated_api.live_count == step.live_count, where
