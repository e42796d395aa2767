"""Whether the new meeting of a live recording exists, asked before the old one is stopped."""

from __future__ import annotations

import pytest

from realtimekit_provider.deployment.meeting_registry import MeetingKey, MeetingRegistry
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.errors import (
    MeetingNotFoundError,
    OutcomeUnknownError,
    TokenRejectedError,
)
from realtimekit_provider.recordings.meetings import (
    find_new_meeting,
    is_surely_missing,
    look_up_meeting,
    require_meeting,
)
from tests.example_values import ACCOUNT, APP, MEETING, URN, build_stored
from tests.fakes import FakePorts, make_call_error, make_lost_response

ANOTHER = MeetingKey(ACCOUNT, APP, "another")
OF_ANOTHER_ACCOUNT = MeetingKey("another-account", APP, MEETING)


@pytest.mark.parametrize(
    "wanted",
    [
        MeetingKey(ACCOUNT, APP, "mistyped"),
        MeetingKey(ACCOUNT, "another-app", MEETING),
        MeetingKey("another-account", APP, MEETING),
    ],
)
def test_a_live_recording_is_not_stopped_for_a_meeting_that_does_not_exist(
    wanted: MeetingKey,
) -> None:
    """The error names the meeting, and the recording that keeps running."""
    fake = FakePorts(has_meeting=[False])
    answer = look_up_meeting(wanted, fake.recordings, MeetingRegistry())
    assert is_surely_missing(wanted, build_stored(), answer)
    with pytest.raises(MeetingNotFoundError, match=f"no meeting {wanted.meeting_id}.* rec-1 was"):
        require_meeting(wanted, build_stored(), answer)
    assert fake.recordings.calls == ["has_meeting"]


def test_a_live_recording_is_not_stopped_for_a_meeting_that_cannot_be_looked_up() -> None:
    """An account that the token does not reach is no reason to stop anything."""
    fake = FakePorts(has_meeting=[make_call_error(TokenRejectedError, status=403)])
    answer = look_up_meeting(OF_ANOTHER_ACCOUNT, fake.recordings, MeetingRegistry())
    assert is_surely_missing(OF_ANOTHER_ACCOUNT, build_stored(), answer)
    with pytest.raises(TokenRejectedError, match="rec-1 was not stopped"):
        require_meeting(OF_ANOTHER_ACCOUNT, build_stored(), answer)


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (make_call_error(TokenRejectedError, status=403), ANOTHER),
        (make_lost_response(503), ANOTHER),
        (make_lost_response(503), OF_ANOTHER_ACCOUNT),
    ],
)
def test_a_meeting_that_may_be_there_is_not_surely_missing(
    error: Exception, wanted: MeetingKey
) -> None:
    """A preview shows the replacement that the next deployment will do."""
    fake = FakePorts(has_meeting=[error])
    answer = look_up_meeting(wanted, fake.recordings, MeetingRegistry())
    assert not is_surely_missing(wanted, build_stored(), answer)


@pytest.mark.parametrize("answer", [True, False, make_call_error(TokenRejectedError, status=403)])
def test_a_clear_answer_is_remembered(answer: object) -> None:
    """A diff and the delete that follows cost one call."""
    fake, registry = FakePorts(has_meeting=[answer]), MeetingRegistry()
    assert [look_up_meeting(ANOTHER, fake.recordings, registry) for _ in range(2)] == [answer] * 2
    assert fake.recordings.calls == ["has_meeting"]


def test_a_meeting_is_looked_up_again_where_the_api_failed() -> None:
    """The delete must know what the diff could not find out."""
    fake, registry = FakePorts(has_meeting=[make_lost_response(503), True]), MeetingRegistry()
    assert isinstance(look_up_meeting(ANOTHER, fake.recordings, registry), OutcomeUnknownError)
    assert look_up_meeting(ANOTHER, fake.recordings, registry) is True


@pytest.mark.parametrize(
    ("status", "meeting"), [("RECORDING", MEETING), ("UPLOADED", "another"), ("GONE", "another")]
)
def test_a_meeting_is_looked_up_only_where_another_one_is_live(status: str, meeting: str) -> None:
    """It costs no call where the meeting stays, or where nothing is to be stopped."""
    registry = RunRegistry()
    registry.recordings.register_declared(URN, MeetingKey(ACCOUNT, APP, meeting))
    assert find_new_meeting(build_stored(status), registry) is None


def test_a_refresh_looks_up_no_meeting() -> None:
    """It declares nothing."""
    assert find_new_meeting(build_stored(), RunRegistry()) is None
