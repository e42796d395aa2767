"""What is added to the SDK's own process: errors, detailed diffs, workers; and how to do without.

What a person sees of it is held by ``tests/pulumi_cli/test_native_previews.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from tests.example_values import STORAGE, build_layers
from tests.polling import wait_until
from tests.provider_process.foreign_provider import ForeignProvider
from tests.provider_process.process import OperationError, State
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi

PLAIN = {"REALTIMEKIT_PLAIN_SDK": "1"}


def ask(deployment: RunningDeployment, state: State, news: Mapping[str, Any]) -> Any:
    """Return the whole answer to a diff."""
    provider = deployment.provider
    request = provider_pb2.DiffRequest(
        id=state.id, olds=provider._props(state.outputs), news=provider._props(news)
    )
    return provider._call(provider._stub.Diff, request)


def detail(answer: Any) -> dict[str, tuple[str, bool]]:
    """Return the detailed diff of an answer."""
    name = provider_pb2.PropertyDiff.Kind.Name
    return {path: (name(one.kind), one.inputDiff) for path, one in answer.detailedDiff.items()}


def test_a_changed_credential_is_the_only_path_of_its_diff(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """By the position of its output, as the state has it."""
    state = stack.create(
        deployment, meeting_id=emulated_api.meeting_id, layers=build_layers(STORAGE["aws"])
    )
    layers = build_layers({**STORAGE["aws"], "secret": "another-secret-of-the-same-length"})
    news = stack.check(deployment, olds=state, meeting_id=emulated_api.meeting_id, layers=layers)
    answer = ask(deployment, state, news)
    path = 'layers.default.outputs["0"].storage_config.secret'
    assert detail(answer) == {path: ("UPDATE", True)}
    assert answer.hasDetailedDiff
    assert answer.diffs == ["layers"]


def test_a_refresh_is_left_to_the_engines_own_comparison(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """It asks without a check, and shows what became of the outputs, all of them."""
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id, on_ended="restart")
    emulated_api.control.force(state.id, "UPLOADED")
    with stack.deploy() as deployment:
        refreshed = deployment.provider.read(state)
        assert refreshed is not None
        answer = ask(deployment, refreshed, state.inputs)
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert not answer.hasDetailedDiff
    assert deployment.engine.get_lines("notice", "warning") == []


def test_another_provider_of_the_process_gets_its_own_answers(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Also after a diff of ours that raised."""
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    policy: dict[str, Any] = {"max_seconds": 90, "replace_live": "refuse"}
    news = stack.check(deployment, olds=state, meeting_id=emulated_api.meeting_id, **policy)
    with pytest.raises(OperationError, match=r"^a change of max_seconds"):
        ask(deployment, state, news)
    foreign = RunningDeployment(
        deployment.provider.with_provider(ForeignProvider()), deployment.engine
    )
    answer = ask(foreign, State("foreign", {}, {}), {})
    assert answer.replaces == ["foreign"]
    assert not answer.hasDetailedDiff
    with pytest.raises(OperationError, match=r"^Traceback(.|\n)*ValueError: foreign\n$"):
        foreign.provider.create({})


@pytest.mark.parametrize(("parallel", "environment", "at_once"), [(9, {}, 9), (9, PLAIN, 4)])
def test_as_many_operations_run_at_once_as_the_engine_asks_for(
    parallel: int,
    environment: dict[str, str],
    at_once: int,
    stack: ProviderStack,
    emulated_api: EmulatedApi,
) -> None:
    """Each waits until it records; with the plain SDK there are four."""
    stack.environment = environment
    emulated_api.control.set(invoked_seconds=3600)
    policy: dict[str, Any] = {"wait_for_recording": 30}
    names = [f"waits{number}" for number in range(parallel)]
    with stack.deploy() as deployment, ThreadPoolExecutor(parallel) as pool:
        meetings = [emulated_api.control.create_meeting(participants=1).id for _ in names]
        inputs = [
            check_in_parallel(stack, deployment, name, parallel, meeting_id=meeting, **policy)
            for name, meeting in zip(names, meetings, strict=True)
        ]
        assert all(isinstance(one["resource_urn"], str) for one in inputs)
        created = [pool.submit(deployment.provider.create, one) for one in inputs]
        wait_until(
            lambda: len({line.urn for line in deployment.engine.get_lines("progress")}) >= at_once
        )
        waiting = {line.urn for line in deployment.engine.get_lines("progress")}
        emulated_api.control.set(invoked_seconds=0)
        emulated_api.control.advance(3600)
        assert {one.result().outputs["status"] for one in created} == {"RECORDING"}
    assert len(waiting) == at_once


def test_the_plain_sdk_serves_all_the_same(stack: ProviderStack, emulated_api: EmulatedApi) -> None:
    """Tracebacks below the error's line, simple diffs: as before, and nothing fails."""
    stack.environment = PLAIN
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
        paused = stack.check(
            deployment, olds=state, meeting_id=emulated_api.meeting_id, desired_state="PAUSED"
        )
        answer = ask(deployment, state, paused)
        assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
        assert not answer.hasDetailedDiff
        assert deployment.provider.update(state, paused).outputs["status"] == "PAUSED"
        emulated_api.control.end_session(emulated_api.other_meeting_id)
        with pytest.raises(OperationError, match=r"^Traceback"):
            stack.create(deployment, "another", meeting_id=emulated_api.other_meeting_id)
    (line,) = deployment.engine.get_lines("error")
    assert line.text.startswith("nobody is in meeting")


def check_in_parallel(
    stack: ProviderStack, deployment: RunningDeployment, name: str, parallel: int, **inputs: Any
) -> dict[str, Any]:
    """Check a recording of a program that runs with ``--parallel``."""
    declared = stack.build_inputs(name, **inputs)
    declared["resource_urn"] = {
        "urn": declared["resource_urn"],
        "parallel": parallel,
        "is_preview": False,
    }
    checked, failures = deployment.provider.check(declared)
    assert not failures
    return checked
