"""What follows a recording failed, and the engine goes on: one of another name, or its storage."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from realtimekit_provider.constants import NOT_DEPLOYED
from realtimekit_provider.providers import StorageGateProvider
from tests.example_values import STORAGE, build_layers
from tests.provider_process.process import OperationError, State
from tests.provider_process.stack import ProviderStack
from tests.scenarios.steps import EmulatedApi

REFUSED: dict[str, dict[str, Any]] = {
    "as it was": {},
    "taking over what has no mark": {"on_conflict": "adopt"},
    "adopting what does not exist": {"adopt_recording_id": "unknown"},
}
"""Inputs of the new name, whose create fails while the old one's recording is live."""

CREATED: dict[str, dict[str, Any]] = {
    "stopping what runs": {"on_conflict": "stop"},
    "declared as stopped": {"desired_state": "STOPPED"},
}
"""Inputs of the new name, whose create succeeds."""


FAILED_STORAGE = build_layers({"type": NOT_DEPLOYED})
"""Layers whose storage failed in the deployment, as a program declares them."""


@pytest.mark.parametrize("new", REFUSED.values(), ids=REFUSED)
def test_a_recording_whose_successor_was_refused_is_not_stopped(
    new: dict[str, Any], stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Otherwise nothing would record the meeting; the error says how to rename."""
    meeting = emulated_api.meeting_id
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=meeting)
    with stack.deploy() as deployment:
        with pytest.raises(OperationError):
            stack.create(deployment, "daily", meeting_id=meeting, **new)
        with pytest.raises(OperationError) as failure:
            deployment.provider.delete(old)
    sentence, _, advice = str(failure.value).partition("\n")
    assert sentence.endswith(
        "'standup' was not stopped: 'daily', which is to record the same meeting, could not be "
        "created, so nothing would record it."
    )
    assert 'aliases: ["standup"]' in advice
    assert emulated_api.live_count == 1


def test_a_recording_whose_successor_was_left_out_is_not_stopped(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Its storage failed, so the engine checks it, and never asks for it to be created."""
    meeting = emulated_api.meeting_id
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=meeting)
    with stack.deploy() as deployment:
        stack.check(deployment, "daily", meeting_id=meeting, layers=FAILED_STORAGE)
        with pytest.raises(OperationError, match="'standup' was not stopped: 'daily', which is"):
            deployment.provider.delete(old)
    assert emulated_api.live_count == 1


def test_a_recording_whose_successor_was_refused_stays_in_the_state(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Otherwise it would run on in no state, where an alias no longer finds it."""
    meeting = emulated_api.meeting_id
    with stack.deploy() as deployment:
        old = stack.create(deployment, "a: b", meeting_id=meeting, on_delete="leave")
    with stack.deploy() as deployment:
        with pytest.raises(OperationError):
            stack.create(deployment, "daily", meeting_id=meeting)
        with pytest.raises(OperationError) as failure:
            deployment.provider.delete(old)
    sentence, _, advice = str(failure.value).partition("\n")
    assert sentence.endswith("could not be created, so no state would have the recording.")
    assert "was not taken out of the state" in sentence
    assert 'aliases: ["a: b"]' in advice


def test_a_recording_whose_new_storage_failed_keeps_its_old_one(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """It is updated, which the engine leaves out: of a replacement it would do the first half."""
    meeting, layers = emulated_api.meeting_id, build_layers(STORAGE["aws"])
    gate = {**STORAGE["aws"], "resource_urn": stack.get_urn("archive-gate")}
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=meeting, layers=layers)
    with stack.deploy() as deployment:
        moved = stack.check(deployment, olds=old, meeting_id=meeting, layers=FAILED_STORAGE)
        assert deployment.provider.diff(old, moved).plan == "update"
        (warning,) = deployment.engine.get_lines("warning")
        assert warning.text.startswith(f"recording {old.id} keeps running as it was started")
        with pytest.raises(OperationError) as failure:
            deployment.provider.with_provider(StorageGateProvider()).delete(
                State("aws:recordings", gate, gate)
            )
    sentence, _, advice = str(failure.value).partition("\n")
    assert sentence.endswith(
        "'standup' still uses aws acme-recordings, since what was declared instead could not be "
        "deployed."
    )
    assert advice.startswith("Storage and credential are kept.")
    assert emulated_api.live_count == 1


@pytest.mark.parametrize("new", CREATED.values(), ids=CREATED)
def test_a_recording_whose_successor_was_created_is_stopped(
    new: dict[str, Any], stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Nothing stands in the way of a delete where the meeting is as it was declared."""
    meeting = emulated_api.meeting_id
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=meeting)
    with stack.deploy() as deployment:
        stack.create(deployment, "daily", meeting_id=meeting, **new)
        deployment.provider.delete(old)
    assert emulated_api.control.recording(old.id).status not in {"INVOKED", "RECORDING"}


def test_a_failed_start_holds_up_no_replacement_and_no_later_destroy(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """The engine would wait forever for what replaces it; a destroy creates none."""
    meeting, other = emulated_api.meeting_id, emulated_api.other_meeting_id
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=meeting)
    with stack.deploy() as deployment:
        with suppress(OperationError):
            stack.create(deployment, "daily", meeting_id=meeting)
        new = stack.replace(deployment, old, meeting_id=other)
    with stack.deploy() as deployment:
        deployment.provider.delete(new)
    assert emulated_api.live_count == 0
