"""Meetings that nobody is in: what they cost, and what a preview says of them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.provider_process.process import Diff, State
from tests.provider_process.stack import ProviderStack, RunningDeployment

_ENGINES_WORKERS = 16
_LIVE, _EMPTY = 50, 950


def _build_state(
    stack: ProviderStack,
    deployment: RunningDeployment,
    meeting_id: str,
    recording_id: str | None = None,
    **inputs: Any,
) -> State:
    """Return what is stored of a recording: live with an id, else of an empty room."""
    name = f"of-{meeting_id}"
    policies = {"on_no_session": "skip", **inputs}
    checked = stack.check(deployment, name, meeting_id=meeting_id, **policies)
    status = "NO_SESSION" if recording_id is None else "INVOKED"
    outputs = {"status": status, "invoked_time": "", "storage_applied": "yes", "warning": ""}
    placeholder = f"nothing-started-{stack.get_mark(name)}"
    return State(recording_id or placeholder, checked, {**checked, **outputs})


def _refresh_and_plan(stack: ProviderStack, states: list[State]) -> list[str]:
    """Read, check and compare recordings in a process of their own, and return the plans."""
    with stack.deploy() as deployment, ThreadPoolExecutor(_ENGINES_WORKERS) as engine:
        assert None not in list(engine.map(deployment.provider.read, states))
        for state in states:  # a refresh asks for the differences too, before the program runs
            deployment.provider.diff(state, state.inputs)
        return [_plan(deployment, state).plan for state in states]


def _plan(deployment: RunningDeployment, state: State, **changes: Any) -> Diff:
    """Check and compare a recording as the engine does."""
    declared, failures = deployment.provider.check({**state.inputs, **changes}, state.inputs)
    assert not failures
    return deployment.provider.diff(state, declared)


@pytest.fixture
def meeting(control: Control) -> str:
    """A meeting that nobody is in."""
    return control.create_meeting().id


@pytest.fixture
def state(stack: ProviderStack, deployment: RunningDeployment, meeting: str) -> State:
    """What is stored of its recording."""
    return _build_state(stack, deployment, meeting)


def test_a_thousand_recordings_of_which_most_are_in_empty_rooms_cost_pages(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """A preview and a deployment with a refresh each: no change, and at most 30 calls."""
    live = [control.create_meeting(participants=1).id for _ in range(_LIVE)]
    states = [_build_state(stack, deployment, one, control.start_recording(one)) for one in live]
    states += [_build_state(stack, deployment, f"empty-{number}") for number in range(_EMPTY)]
    before = control.counts().total
    for _ in ("preview", "up"):
        assert set(_refresh_and_plan(stack, states)) == {"same"}
    assert control.counts().total - before <= 30


def test_an_empty_room_is_no_change(
    deployment: RunningDeployment, control: Control, state: State
) -> None:
    """Nothing is planned and nothing said, as long as nobody comes."""
    assert _plan(deployment, state).plan == "same"
    assert control.counts().routes == {"list_sessions": 1}
    assert "tries again" not in deployment.engine.get_text("notice")


def test_a_room_that_somebody_is_in_is_a_replacement_with_its_reason(
    deployment: RunningDeployment, control: Control, state: State, meeting: str
) -> None:
    """The status is why, and the row says who came."""
    control.join(meeting)
    assert _plan(deployment, state).replaces == ["status"]
    text = f"tries again: somebody is in meeting {meeting} now"
    assert text in deployment.engine.get_text("notice")


def test_a_policy_that_changes_around_an_empty_room_is_stored(
    deployment: RunningDeployment, state: State
) -> None:
    """A policy is an update, which starts nothing."""
    assert _plan(deployment, state, on_ended="restart").plan == "update"


def test_a_list_that_misses_somebody_changes_nothing(
    deployment: RunningDeployment, control: Control, state: State, meeting: str
) -> None:
    """It is late, and the next deployment sees who came."""
    control.add_fault("session_lag", route="list_sessions", seconds=3600)
    control.join(meeting)
    assert _plan(deployment, state).plan == "same"


def test_without_a_list_the_meeting_is_asked_for(
    deployment: RunningDeployment, control: Control, state: State, meeting: str
) -> None:
    """An account may not have it."""
    control.add_fault("status", route="list_sessions", status=404)
    control.join(meeting)
    assert _plan(deployment, state).plan == "replace"
    assert control.counts().of("active_session") == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_preview_does_not_fail_over_the_question_whether_somebody_is_in_a_meeting(
    status: int, deployment: RunningDeployment, control: Control, state: State
) -> None:
    """What cannot be known is tried, and then the deployment says what is wrong."""
    control.add_fault("status", status=status)
    assert _plan(deployment, state).plan == "replace"


def test_without_a_token_nobody_is_asked(
    stack: ProviderStack, deployment: RunningDeployment, control: Control, state: State
) -> None:
    """A preview of changes needs none."""
    stack.environment = {"CLOUDFLARE_API_TOKEN": None}
    with stack.deploy() as without_token:
        assert _plan(without_token, state).plan == "replace"
    assert control.counts().total == 0


@pytest.mark.parametrize("policy", ["fail", "wait"])
def test_only_skip_keeps_still(policy: str, deployment: RunningDeployment, state: State) -> None:
    """Who wants to wait, or to know at once, is not put off to the next deployment."""
    assert _plan(deployment, state, on_no_session=policy).plan == "replace"


def test_a_refresh_alone_asks_for_no_sessions(
    stack: ProviderStack, deployment: RunningDeployment, control: Control, state: State
) -> None:
    """It declares nothing."""
    with stack.deploy() as refresh:
        refresh.provider.diff(state, state.inputs)
    assert control.counts().total == 0


def test_a_room_that_is_skipped_is_sure_to_be_empty(
    stack: ProviderStack, deployment: RunningDeployment, control: Control, meeting: str
) -> None:
    """A start asks for the meeting itself: the list may be late, and a recording would be lost."""
    control.add_fault("session_lag", route="list_sessions", seconds=3600)
    control.join(meeting)
    created = stack.create(deployment, meeting_id=meeting, on_no_session="skip")
    assert created.outputs["status"] == "INVOKED"


def test_a_missing_meeting_is_not_skipped(
    stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """A wrong id would never be noticed."""
    with pytest.raises(Exception, match="has no meeting of-nobody: fix meeting_id"):
        stack.create(deployment, meeting_id="of-nobody", on_no_session="skip")


def test_empty_rooms_that_are_waited_for_delay_no_live_one(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """Eight wait, four are live, and three of the four operations at once may be waits.

    The live ones begin before anybody joins; who may not wait is said to be tried again.
    """
    empty = [control.create_meeting().id for _ in range(8)]
    live = [control.create_meeting(participants=1).id for _ in range(4)]
    declared = [
        stack.check(
            deployment,
            f"of-{one}",
            meeting_id=one,
            on_no_session="wait",
            session_timeout=3600,
        )
        for one in (*empty, *live)
    ]
    with ThreadPoolExecutor(4) as engine:
        futures = [engine.submit(deployment.provider.create, one) for one in declared]
        assert {one.result().outputs["status"] for one in futures[8:]} == {"INVOKED"}
        assert {one.meeting_id for one in control.recordings()} == set(live)
        for meeting in empty:
            control.join(meeting)
        statuses = Counter(one.result().outputs["status"] for one in futures[:8])
    assert statuses["NO_SESSION"] >= 4
    assert statuses["INVOKED"] >= 1
    assert "would hold up recordings" in deployment.engine.get_text("notice")
