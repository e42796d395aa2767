"""A refresh costs pages, not recordings."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from realtimekit_emulator import Control
from tests.provider_process.process import State
from tests.provider_process.stack import ProviderStack, RunningDeployment

_ENGINES_WORKERS = 16


def _build_states(
    stack: ProviderStack,
    deployment: RunningDeployment,
    ids: list[str],
    status: str,
    desired_state: str = "RECORDING",
) -> list[State]:
    """Return what the engine stores of recordings that were started earlier."""
    meeting_id = "0716ad3c-ef76-43fb-bdc0-4dd07a64a182"
    inputs = stack.check(deployment, meeting_id=meeting_id, desired_state=desired_state)
    outputs = {"status": status, "invoked_time": "", "storage_applied": "yes", "warning": ""}
    return [State(one, inputs, {**inputs, **outputs}) for one in ids]


def _start(control: Control, number: int) -> list[str]:
    meetings = (control.create_meeting(participants=1) for _ in range(number))
    return [control.start_recording(meeting.id) for meeting in meetings]


def _read(deployment: RunningDeployment, states: list[State]) -> list[State | None]:
    """Read them as the engine does, many at once."""
    with ThreadPoolExecutor(_ENGINES_WORKERS) as engine:
        return list(engine.map(deployment.provider.read, states))


def _refresh(deployment: RunningDeployment, states: list[State]) -> list[str]:
    """Read them, and return what they are then."""
    found = _read(deployment, states)
    return [one.outputs["status"] if one is not None else "gone" for one in found]


@pytest.mark.parametrize(
    ("live", "ended", "calls"),
    [(1, 9, 1), (2, 0, 2), (3, 0, 3), (4, 0, 4), (100, 900, 5), (250, 0, 6)],
)
def test_a_refresh_costs_pages(
    stack: ProviderStack,
    deployment: RunningDeployment,
    control: Control,
    *,
    live: int,
    ended: int,
    calls: int,
) -> None:
    """What is known as ended is not asked for; three are asked one by one, the others listed."""
    states = [
        *_build_states(stack, deployment, _start(control, live), "INVOKED"),
        *_build_states(
            stack, deployment, [f"ended-{number}" for number in range(ended)], "UPLOADED"
        ),
    ]
    before = control.counts().total
    statuses = _refresh(deployment, states)
    assert control.counts().total - before == calls
    assert statuses.count("UPLOADED") == ended
    assert "gone" not in statuses


def test_a_recording_that_a_lagging_list_misses_is_asked_for(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """None counts as gone because a list does not show it yet."""
    states = _build_states(stack, deployment, _start(control, 8), "INVOKED")
    control.add_fault("lag", route="list_recordings", seconds=3600)
    assert "gone" not in _refresh(deployment, states)
    assert control.counts().of("get_recording") == 8


def test_a_list_that_still_shows_them_as_live_is_believed_until_the_next_refresh(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """What a late list says is shown, and nothing else of a recording changes meanwhile."""
    ids = _start(control, 8)
    control.advance(60)
    for one in ids:
        control.force(one, "UPLOADED")
    states = _build_states(stack, deployment, ids, "RECORDING")
    control.add_fault("lag", route="list_recordings", seconds=30)
    believed = [one for one in _read(deployment, states) if one is not None]
    assert [one.id for one in believed] == ids
    assert [one.inputs for one in believed] == [one.inputs for one in states]
    assert Counter(one.outputs["status"] for one in believed) == {"UPLOADED": 3, "RECORDING": 5}
    control.clear_faults()
    with stack.deploy() as later:
        assert set(_refresh(later, believed)) == {"UPLOADED"}


def test_a_late_list_invents_no_drift(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """Paused a moment ago, and listed as recording: what the recording itself says counts."""
    ids = _start(control, 8)
    control.advance(60)
    for one in ids:
        control.force(one, "PAUSED")
    states = _build_states(stack, deployment, ids, "PAUSED", desired_state="PAUSED")
    control.add_fault("lag", route="list_recordings", seconds=30)
    found = [one for one in _read(deployment, states) if one is not None]
    assert [one.inputs for one in found] == [one.inputs for one in states]
    assert {one.outputs["status"] for one in found} == {"PAUSED"}


def test_the_refresh_that_first_sees_them_end_asks_for_each_once(
    stack: ProviderStack, deployment: RunningDeployment, control: Control
) -> None:
    """They are in no list of live recordings; the next refresh knows, and asks nothing."""
    ids = _start(control, 12)
    for one in ids:
        control.force(one, "UPLOADED")
    states = _build_states(stack, deployment, ids, "RECORDING")
    assert set(_refresh(deployment, states)) == {"UPLOADED"}
    assert control.counts().of("get_recording") == 12
    before = control.counts().total
    _refresh(deployment, _build_states(stack, deployment, ids, "UPLOADED"))
    assert control.counts().total == before


@pytest.mark.parametrize(("status", "has_inputs"), [("RECORDING", False), ("PAUSED", True)])
def test_only_a_drift_returns_inputs(
    stack: ProviderStack,
    deployment: RunningDeployment,
    control: Control,
    *,
    status: str,
    has_inputs: bool,
) -> None:
    """The engine keeps those that it has, and a large stack is spared a third of each answer."""
    (one,) = _start(control, 1)
    control.force(one, status)
    (state,) = _build_states(stack, deployment, [one], "RECORDING")
    seen = deployment.provider.read(state)
    assert seen is not None
    assert (seen.inputs is not state.inputs) == has_inputs
    assert seen.inputs["desired_state"] == status
