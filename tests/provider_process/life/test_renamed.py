"""A recording under another name, without an alias, where the engine goes on after an error."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from tests.provider_process.process import OperationError
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
    assert "aliases: [standup]" in advice
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
