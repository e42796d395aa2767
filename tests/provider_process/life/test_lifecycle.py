"""The life of a recording, step by step, each step a provider process of its own."""

from __future__ import annotations

import pytest

from tests.provider_process.life.declared_recording import DeclaredRecording
from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack
from tests.scenarios.all_scenarios import SCENARIOS
from tests.scenarios.steps import (
    EmulatedApi,
    Scenario,
    Step,
    count_calls_since,
    has_expected_calls,
    trigger_while_waiting,
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_recording_lives_as_declared(
    scenario: Scenario, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Plan, API calls, status and messages of every step are those of the scenario."""
    stack.config = scenario.config
    emulated_api.control.set(**scenario.emulator)
    resource = DeclaredRecording(stack, emulated_api)
    for number, step in enumerate(scenario.steps, start=1):
        _run_step(resource, step, f"step {number}")


def _run_step(resource: DeclaredRecording, step: Step, where: str) -> None:
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
