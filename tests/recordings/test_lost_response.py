"""A start that was interrupted, or whose response was lost: never doubled, never orphaned."""

from __future__ import annotations

import pytest

from realtimekit_provider.errors import (
    CallError,
    ConflictError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    TokenRejectedError,
)
from tests.example_values import (
    MARK,
    build_recording,
)
from tests.fakes import (
    FakePorts,
    format_time,
    make_call_error,
    make_lost_response,
    make_not_found,
)
from tests.recordings.start_setup import FOREIGN, NEW, OLDER, OURS, fail_to_start, start


def test_our_own_interrupted_start_is_taken_over_by_its_mark() -> None:
    """An engine that was killed calls ``create`` again: the recording is there already."""
    fake = FakePorts(get_active=[OURS], get=[OURS])
    assert start(fake).recording_id == "ours"
    assert fake.recordings.count("start") == 0
    assert MARK in fake.reporter.notices[0]


def test_the_users_own_mark_is_proof_too() -> None:
    """``{mark}`` in a user's prefix stands for the same hash."""
    mine = build_recording("ours", output_file_name=f"x_{MARK}_1.webm")
    fake = FakePorts(get_active=[mine], get=[mine])
    layers = {"default": {"file_name_prefix": "x_{mark}"}}
    assert start(fake, layers=layers).recording_id == "ours"


def test_our_own_start_that_has_ended_is_followed_by_another() -> None:
    """A recording of ours that only uploads is not taken over; the next one is started."""
    ended = OURS.model_copy(update={"status": "UPLOADING"})
    fake = FakePorts(get_active=[OURS, OURS, None], get=[ended], start=[NEW])
    assert start(fake).recording_id == "new"


def test_our_own_start_that_is_gone_is_no_obstacle() -> None:
    """The active question may lag behind."""
    fake = FakePorts(get_active=[OURS], get=[make_not_found()], start=[NEW])
    assert start(fake).recording_id == "new"


def test_after_a_lost_answer_the_recording_is_found_by_its_mark() -> None:
    """It takes a while to appear, and is not started twice."""
    fake = FakePorts(get_active=[None, None, None, OURS], start=[make_lost_response()])
    assert start(fake).recording_id == "ours"
    assert fake.recordings.count("start") == 1
    assert "after an unclear response" in fake.reporter.waits[0]


def test_after_a_lost_answer_it_is_found_by_time_and_prefix() -> None:
    """In the same run, what began after the POST with our prefix is ours."""
    layers = {"default": {"file_name_prefix": "mine"}}
    appeared = build_recording("new", output_file_name="mine_1.webm", invoked_time=format_time(1))
    fake = FakePorts(get_active=[None, appeared], start=[make_lost_response(502)])
    assert start(fake, layers=layers).recording_id == "new"
    assert fake.recordings.count("start") == 1


def test_after_a_lost_answer_a_recording_without_a_name_is_found_by_time() -> None:
    """An answer need not name the file."""
    fake = FakePorts(
        get_active=[None, build_recording("new", "INVOKED", invoked_time=format_time(0))],
        start=[make_lost_response()],
    )
    assert start(fake).recording_id == "new"


def test_after_a_lost_answer_it_is_found_in_the_list() -> None:
    """One that began and ended between two questions is ours too."""
    short = build_recording("short", "UPLOADING", invoked_time=format_time(1))
    fake = FakePorts(start=[make_lost_response()], list_newest=[[OLDER, short]])
    assert start(fake).recording_id == "short"
    assert fake.recordings.count("start") == 1


NOT_OURS = {
    "it began before the POST": build_recording(
        "r", output_file_name="somebody.webm", invoked_time=format_time(-3)
    ),
    "it carries another resource's mark": FOREIGN,
    "it is a composite one": build_recording("r", kind="COMPOSITE", invoked_time=format_time(1)),
    "its name has none of our prefixes": build_recording(
        "r", output_file_name="other.webm", invoked_time=format_time(1)
    ),
}


@pytest.mark.parametrize("why", NOT_OURS)
def test_after_a_lost_answer_somebody_elses_recording_is_not_taken_over(why: str) -> None:
    """It is a conflict like any other, and there is no second POST."""
    fake = FakePorts(
        get_active=[None, NOT_OURS[why]],
        list_newest=[[NOT_OURS[why]]],
        start=[make_lost_response()],
    )
    fail_to_start(fake, ConflictError)
    assert fake.recordings.count("start") == 1


WITHOUT_A_TIME = {
    "it is over and has no name": build_recording("r", "UPLOADED"),
    "it is live and has no name": build_recording("r"),
    "it is over, and of this resource's earlier days": OURS.model_copy(
        update={"status": "UPLOADED"}
    ),
}


@pytest.mark.parametrize("why", WITHOUT_A_TIME)
def test_after_a_lost_answer_an_entry_without_a_time_proves_nothing(why: str) -> None:
    """An old recording in the list is not what the POST started: another one is."""
    fake = FakePorts(list_newest=[[WITHOUT_A_TIME[why]]], start=[make_lost_response(), NEW])
    assert start(fake).recording_id == "new"


def test_after_a_lost_answer_an_ended_one_that_lags_behind_proves_nothing() -> None:
    """One that had ended before the POST is still called active, and tells no time."""
    ended = build_recording("r", "UPLOADING")
    assert (
        start(FakePorts(get_active=[ended], start=[make_lost_response(), NEW])).recording_id
        == "new"
    )


def test_after_a_lost_answer_a_live_entry_with_our_mark_needs_no_time() -> None:
    """The mark says whose it is, and nothing of ours ran before the POST."""
    fake = FakePorts(list_newest=[[OURS]], start=[make_lost_response()])
    assert start(fake).recording_id == "ours"
    assert fake.recordings.count("start") == 1


def test_after_a_lost_answer_the_active_recording_needs_no_time() -> None:
    """The meeting had none before the POST."""
    fake = FakePorts(get_active=[None, build_recording("r")], start=[make_lost_response()])
    assert start(fake).recording_id == "r"


def test_only_a_clear_no_allows_another_post() -> None:
    """After the whole time that a recording may take to appear, and a look into the list."""
    fake = FakePorts(start=[make_lost_response(), NEW])
    assert start(fake).recording_id == "new"
    first, second = (i for i, call in enumerate(fake.recordings.calls) if call == "start")
    between = fake.recordings.calls[first + 1 : second]
    assert between.count("list_newest") == 1
    assert fake.clock.now() - 1000 >= fake.ports.timing.visible_after_start


def test_tries_end() -> None:
    """An API that loses every answer is an error in the end, with the outputs of the last one."""
    fake = FakePorts(start=[make_lost_response(502)] * 10)
    fail_to_start(fake, OutcomeUnknownError)
    assert fake.recordings.count("start") == 4


UNABLE_TO_ASK = [
    make_lost_response(),
    make_call_error(NotSentError),
    make_call_error(TokenRejectedError, status=403),
]


@pytest.mark.parametrize("error", UNABLE_TO_ASK)
def test_without_an_answer_to_the_question_there_is_no_post(error: CallError) -> None:
    """Whether the meeting is recorded already must be known."""
    fake = FakePorts(get_active=[error])
    fail_to_start(fake, type(error))
    assert fake.recordings.count("start") == 0


@pytest.mark.parametrize("error", UNABLE_TO_ASK)
def test_without_an_answer_after_a_lost_one_there_is_no_other_post(error: CallError) -> None:
    """A question that fails is not a clear no."""
    fake = FakePorts(get_active=[None, error], start=[make_lost_response()])
    fail_to_start(fake, type(error))
    assert fake.recordings.count("start") == 1


@pytest.mark.parametrize(
    "error",
    [
        make_call_error(NotSentError),
        make_call_error(TokenRejectedError),
        make_call_error(RateLimitedError, status=429),
    ],
)
def test_a_post_that_certainly_had_no_effect_is_an_error_at_once(error: CallError) -> None:
    """What can be repeated was repeated by the client."""
    fake = FakePorts(start=[error])
    fail_to_start(fake, type(error))
    assert fake.recordings.calls == ["get_active", "start"]
