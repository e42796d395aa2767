"""A provider process killed during a create, and the deployment after it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.polling import wait_until
from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi

Done = Callable[[EmulatedApi], bool]
NEVER = 3600
"""Seconds that a call is held, unless it is let go before."""


def _has_been_asked(emulated_api: EmulatedApi) -> bool:
    return emulated_api.control.counts().of("active_recording") == 1


def _has_posted(emulated_api: EmulatedApi) -> bool:
    return emulated_api.control.counts().of("start_track") == 1


def _has_started(emulated_api: EmulatedApi) -> bool:
    return len(emulated_api.control.recordings()) == 1


SCHEDULES: dict[str, tuple[dict[str, Any], Done]] = {
    "before the POST": ({"route": "active_recording", "effect": "after"}, _has_been_asked),
    "while the POST is on its way": ({"route": "start_track", "effect": "before"}, _has_posted),
    "before the POST's answer": ({"route": "start_track", "effect": "after"}, _has_started),
}


def _kill_during_create(
    stack: ProviderStack,
    emulated_api: EmulatedApi,
    fault: dict[str, Any],
    happened: Done,
    **inputs: Any,
) -> None:
    """Kill the process during a create, and let the API finish what it does."""
    held = emulated_api.control.add_fault("slow", seconds=NEVER, times=1, **fault)
    with stack.deploy() as deployment, ThreadPoolExecutor(1) as pool:
        creating = pool.submit(
            stack.create, deployment, meeting_id=emulated_api.meeting_id, **inputs
        )
        wait_until(lambda: happened(emulated_api))
        deployment.provider.kill()
        assert isinstance(creating.exception(), OperationError)
    held.remove()
    if fault["route"] == "start_track":
        wait_until(lambda: _has_started(emulated_api))


@pytest.mark.parametrize(("fault", "happened"), SCHEDULES.values(), ids=SCHEDULES)
@pytest.mark.parametrize("layer", [{}, {"file_name_prefix": "standup_{mark}"}], ids=str)
def test_with_a_mark_the_next_deployment_continues(
    fault: dict[str, Any],
    happened: Done,
    layer: dict[str, str],
    stack: ProviderStack,
    emulated_api: EmulatedApi,
) -> None:
    """Whenever the process dies, there is one recording in the end, and no manual step."""
    _kill_during_create(stack, emulated_api, fault, happened, layers={"default": layer})
    with stack.deploy() as deployment:
        state = stack.create(
            deployment, meeting_id=emulated_api.meeting_id, layers={"default": layer}
        )
    assert [one.id for one in emulated_api.control.recordings()] == [state.id]


def test_with_another_prefix_the_refusal_names_recording_and_setting(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """A user's own prefix proves nothing: never a second recording, and adopting works."""
    layers = {"default": {"file_name_prefix": "standup"}}
    _kill_during_create(stack, emulated_api, *SCHEDULES["before the POST's answer"], layers=layers)
    running = emulated_api.newest_recording_id
    with (
        stack.deploy() as deployment,
        pytest.raises(OperationError, match=f"set adopt_recording_id to '{running}'"),
    ):
        stack.create(deployment, meeting_id=emulated_api.meeting_id, layers=layers)
    with stack.deploy() as deployment:
        state = stack.create(
            deployment,
            meeting_id=emulated_api.meeting_id,
            layers=layers,
            adopt_recording_id=running,
        )
    assert [one.id for one in emulated_api.control.recordings()] == [state.id] == [running]


def test_a_start_whose_engine_is_gone_is_not_made(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """A provider process outlives a killed engine, and starts nothing in its name."""
    held = emulated_api.control.add_fault(
        "slow", route="active_recording", seconds=NEVER, effect="after"
    )
    with ThreadPoolExecutor(1) as pool:
        creating = pool.submit(stack.create, deployment, meeting_id=emulated_api.meeting_id)
        wait_until(lambda: _has_been_asked(emulated_api))
        deployment.engine.stop()
        held.remove()
        assert "the deployment that asked for this recording has ended" in str(creating.exception())
    assert emulated_api.control.counts().of("start_track") == 0


def test_waiting_for_people_ends_with_the_engine(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Nobody waits hours for a meeting in the name of a deployment that is gone."""
    emulated_api.control.end_session(emulated_api.meeting_id)
    policy: dict[str, Any] = {"on_no_session": "wait", "session_timeout": 3600}
    with ThreadPoolExecutor(1) as pool:
        creating = pool.submit(
            stack.create, deployment, meeting_id=emulated_api.meeting_id, **policy
        )
        wait_until(lambda: emulated_api.control.counts().of("active_session") > 2)
        deployment.engine.stop()
        assert "the deployment that asked for this recording has ended" in str(creating.exception())
    assert emulated_api.control.recordings() == []
