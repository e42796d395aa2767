"""Whether the recording to take over can be, asked before the live one is stopped for it."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.deployment.recording_registry import Adoption
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.errors import AdoptionError, OutcomeUnknownError
from realtimekit_provider.recordings.meetings import (
    explain_obstacle,
    find_new_adoption,
    require_successor,
)
from tests.example_values import ACCOUNT, APP, MEETING, URN, build_recording, build_stored
from tests.fakes import FakePorts, make_lost_response, make_not_found

THERE = MeetingKey(ACCOUNT, APP, MEETING)
ELSEWHERE = MeetingKey(ACCOUNT, APP, "another")
REFUSED: dict[str, Any] = {
    "does not know": make_not_found(),
    "is a composite recording": build_recording("older", kind="COMPOSITE"),
    "has ended": build_recording("older", "UPLOADED", meeting_id=MEETING),
    "is not one of meeting": build_recording("older", meeting_id="a-third"),
}


def declare(meeting: MeetingKey = THERE, recording_id: str = "older") -> RunRegistry:
    registry = RunRegistry()
    adoption = Adoption(recording_id, meeting, may_have_ended=False)
    registry.recordings.register_declared(URN, meeting, adoption)
    return registry


@pytest.mark.parametrize("meeting", [THERE, ELSEWHERE])
@pytest.mark.parametrize("why", REFUSED)
def test_a_live_recording_is_not_stopped_for_one_that_cannot_be_taken_over(
    why: str, meeting: MeetingKey
) -> None:
    """The preview says so and plans no replacement; the error costs no second call."""
    fake = FakePorts(get=[REFUSED[why]], list_newest=[[]], has_meeting=[True])
    registry, stored = declare(meeting), build_stored()
    remark = explain_obstacle(stored, registry, lambda _: fake.recordings)
    assert remark is not None
    assert remark.is_warning
    assert f"The live recording {stored.id} keeps running" in remark.text
    with pytest.raises(AdoptionError, match=f"older, which.* {why}.* {stored.id} was not stopped"):
        require_successor(stored, registry, lambda _: fake.recordings)
    assert fake.recordings.count("get older") == 1


def test_a_live_recording_is_not_stopped_for_one_that_cannot_be_looked_up() -> None:
    """The preview shows the replacement that a later deployment will do."""
    fake = FakePorts(get=[make_lost_response(503)])
    registry, stored = declare(), build_stored()
    assert explain_obstacle(stored, registry, lambda _: fake.recordings) is None
    with pytest.raises(OutcomeUnknownError, match=f"{stored.id} was not stopped .it keeps"):
        require_successor(stored, registry, lambda _: fake.recordings)


def test_a_recording_that_can_be_taken_over_is_no_obstacle() -> None:
    """The live one is stopped for it."""
    fake = FakePorts(get=[build_recording("older", meeting_id=MEETING)])
    registry, stored = declare(), build_stored()
    assert explain_obstacle(stored, registry, lambda _: fake.recordings) is None
    require_successor(stored, registry, lambda _: fake.recordings)


@pytest.mark.parametrize(
    ("status", "recording_id"), [("RECORDING", "rec-1"), ("UPLOADED", "older"), ("GONE", "older")]
)
def test_a_recording_is_looked_up_only_where_another_one_is_live(
    status: str, recording_id: str
) -> None:
    """It costs no call where it is the one that is live, or where nothing is to be stopped."""
    registry = declare(recording_id=recording_id)
    assert find_new_adoption(build_stored(status), registry) is None


def test_a_refresh_looks_up_no_recording_to_take_over() -> None:
    """It declares nothing."""
    assert find_new_adoption(build_stored(), RunRegistry()) is None
