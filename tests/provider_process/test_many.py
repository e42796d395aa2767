"""Many recordings at once: their calls, and how they share a rate limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from realtimekit_emulator import Control
from tests.polling import wait_until
from tests.provider_process.process import State
from tests.provider_process.stack import ProviderStack, RunningDeployment

_ENGINES_WORKERS = 16
_PROVIDERS_WORKERS = 4


def _build_inputs(
    stack: ProviderStack, deployment: RunningDeployment, control: Control, number: int
) -> list[dict[str, object]]:
    """Return the inputs of recordings, each of a meeting of its own."""
    meetings = (control.create_meeting(participants=1).id for _ in range(number))
    return [stack.check(deployment, one, meeting_id=one) for one in meetings]


def _create(
    stack: ProviderStack, deployment: RunningDeployment, control: Control, number: int
) -> list[State]:
    """Create recordings as the engine does, many at once."""
    declared = _build_inputs(stack, deployment, control, number)
    with ThreadPoolExecutor(_ENGINES_WORKERS) as engine:
        return list(engine.map(deployment.provider.create, declared))


def _delete(deployment: RunningDeployment, states: list[State]) -> None:
    with ThreadPoolExecutor(_ENGINES_WORKERS) as engine:
        list(engine.map(deployment.provider.delete, states))


def test_a_recording_costs_two_calls_to_start_and_one_to_stop(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """However many there are: ten are started by twenty calls and stopped by ten."""
    states = _create(stack, deployment, control, 10)
    started = {"active_recording": 10, "start_track": 10}
    assert control.counts().routes == started
    _delete(deployment, states)
    assert control.counts().routes == {**started, "act_on_recording": 10}


def test_a_deployment_opens_no_more_connections_than_it_has_workers(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """All its resources share one pool, whose connections are kept from call to call."""
    _delete(deployment, _create(stack, deployment, control, 25))
    requests = control.requests()
    assert len(requests) == 75
    assert len({request.port for request in requests}) <= _PROVIDERS_WORKERS


def test_two_pipelines_that_share_one_limit_start_each_recording_once(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """A call that got a 429 is repeated once the window is over, and nothing fails.

    Time stands still until something was refused, so that ten calls at most come through.
    """
    control.set(enforce_limits=True, kit_budget=10, kit_window=0.5, second_start="accept")
    control.scale_time(0)
    other = ProviderStack(stack.emulator, name="prod")
    with other.deploy() as other_deployment, ThreadPoolExecutor(2 * _PROVIDERS_WORKERS) as pool:
        creating = [
            pool.submit(each_deployment.provider.create, inputs)
            for each, each_deployment in ((stack, deployment), (other, other_deployment))
            for inputs in _build_inputs(each, each_deployment, control, _PROVIDERS_WORKERS)
        ]
        wait_until(lambda: 429 in {request.status for request in control.requests()})
        control.scale_time(1)
        started = [each.result().id for each in creating]
    assert sorted(started) == sorted(one.id for one in control.recordings())
