"""A start that the API rejects."""

from __future__ import annotations

import pytest

from realtimekit_provider.errors import (
    ConflictError,
    NoSessionError,
    NotFoundError,
    RequestRejectedError,
)
from realtimekit_provider.recordings.stored import is_placeholder
from tests.example_values import (
    MARK,
    MEETING,
)
from tests.fakes import (
    FakePorts,
    make_conflict,
    make_not_found,
    make_rejection,
)
from tests.recordings.start_setup import NEW, OLDER, fail_to_start, start


def test_without_a_session_the_default_is_an_error() -> None:
    """It names both other choices."""
    fake = FakePorts(start=[make_rejection("no active session")], has_session=[False])
    text = fail_to_start(fake, NoSessionError)
    assert "'wait'" in text
    assert "'skip'" in text


def test_without_a_session_wait_starts_when_somebody_comes() -> None:
    """The meeting is asked about again, and then recorded."""
    fake = FakePorts(start=[make_rejection(), NEW], has_session=[False, False, False, True])
    assert start(fake, on_no_session="wait").recording_id == "new"
    assert f"nobody is in meeting {MEETING}" in fake.reporter.waits[0]


def test_without_a_session_wait_makes_room_for_what_has_not_started() -> None:
    """Nothing is started then, and the row says why; the next deployment tries again."""
    fake = FakePorts(start=[make_rejection()], has_session=[False])
    waits = fake.registry.waits
    waits.register_pending("later")
    for urn in ("first", "second", "third"):
        assert waits.may_wait(urn, fake.ports.max_operations)
    result = start(fake, on_no_session="wait")
    assert is_placeholder(result.recording_id)
    assert result.outputs.status == "NO_SESSION"
    assert "would hold up recordings that are yet to be started" in fake.reporter.notices[0]
    assert fake.reporter.waits == []


def test_without_a_session_wait_is_bounded() -> None:
    """``session_timeout`` seconds, then an error that says what to do."""
    fake = FakePorts(start=[make_rejection()], has_session=[False])
    assert "within the 20 s" in fail_to_start(
        fake, NoSessionError, on_no_session="wait", session_timeout=20
    )
    assert fake.clock.now() - 1000 == pytest.approx(20)
    assert fake.recordings.count("start") == 1


def test_without_a_session_skip_starts_nothing() -> None:
    """A notice and a placeholder, which the next deployment replaces."""
    fake = FakePorts(start=[make_rejection()], has_session=[False])
    result = start(fake, on_no_session="skip")
    assert is_placeholder(result.recording_id)
    assert MARK in result.recording_id
    assert result.outputs.status == "NO_SESSION"
    assert "on_no_session is 'skip'" in fake.reporter.notices[0]


@pytest.mark.parametrize("policy", ["fail", "wait", "skip"])
def test_a_meeting_that_does_not_exist_is_an_error_in_any_case(policy: str) -> None:
    """Waiting for somebody to join a misspelled meeting helps nobody."""
    fake = FakePorts(start=[make_not_found()], has_session=[False], has_meeting=[False])
    assert "fix meeting_id or app_id" in fail_to_start(fake, NotFoundError, on_no_session=policy)


def test_a_conflict_that_the_post_met_is_found() -> None:
    """Somebody was faster; their recording shows up a moment later."""
    fake = FakePorts(
        get_active=[None, None, None, OLDER], start=[make_conflict("already being recorded")]
    )
    fail_to_start(fake, ConflictError)
    assert fake.recordings.count("start") == 1


def test_a_post_that_was_too_early_is_tried_again() -> None:
    """The meeting's last recording was not inactive yet."""
    ended = OLDER.model_copy(update={"status": "UPLOADING"})
    fake = FakePorts(get_active=[None, ended, None], start=[make_conflict("already"), NEW])
    assert start(fake).recording_id == "new"


@pytest.mark.parametrize(
    "field", ["media_kind", "outputs", "storage_config", "max_seconds", "user_ids"]
)
def test_a_field_that_apis_disagree_on_names_the_setting(field: str) -> None:
    """The reference and what was published later want different bodies."""
    fake = FakePorts(start=[make_rejection(f'"layers.default.{field}" is not allowed')])
    assert "realtimekit:trackApi" in fail_to_start(fake, RequestRejectedError)


def test_any_other_rejection_is_passed_on() -> None:
    """With the API's own words."""
    fake = FakePorts(start=[make_rejection("meeting is locked")])
    text = fail_to_start(fake, RequestRejectedError)
    assert "meeting is locked" in text
    assert "trackApi" not in text
