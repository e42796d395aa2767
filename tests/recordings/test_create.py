"""Starting a recording: never doubled, never orphaned."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.errors import (
    AdoptionError,
    CallError,
    ConflictError,
    EngineGoneError,
    NoSessionError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
    TokenRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.create import (
    CreatedRecording,
    create_recording,
    is_placeholder,
)
from tests.example_values import (
    CANARY,
    FOREIGN_MARK,
    MARK,
    MEETING,
    STORAGE,
    layers_to,
    recording,
    wanted,
)
from tests.fakes import World, at, failed, lost, not_found, refused

OURS = recording("ours", output_file_name=f"prod_standup_default_{MARK}_1.webm")
OLDER = recording("older", output_file_name="somebody_1.webm", invoked_time=at(-600))
FOREIGN = recording("foreign", output_file_name=f"prod_retro_default_{FOREIGN_MARK}_1.webm")
NEW = recording("new", "INVOKED")


def started(world: World, **changes: Any) -> CreatedRecording:
    return create_recording(wanted(**changes), world.ports)


def refusal(world: World, kind: type[Exception], **changes: Any) -> str:
    """Return the sentence of the error by which a start ends, without anything started."""
    with pytest.raises(kind) as raised:
        started(world, **changes)
    return str(raised.value)


# Where nothing is odd.


def test_a_start_costs_two_calls() -> None:
    """The question whether the meeting is recorded already, and the POST."""
    world = World(start=[NEW])
    assert started(world).recording_id == "new"
    assert world.api.calls == ["active", "start"]
    assert world.listener.said == ""


def test_what_is_sent_is_what_was_declared() -> None:
    """The request holds the layers as completed, and nothing of ours."""
    world = World(start=[NEW])
    asked = wanted(layers=layers_to(STORAGE["aws"]), max_seconds=60)
    create_recording(asked, world.ports)
    [sent] = world.api.requests
    assert sent == asked.request
    assert set(sent.model_dump()) == {"meeting_id", "layers", "max_seconds", "user_ids"}


def test_the_facts_are_complete_and_hold_no_credential() -> None:
    """What state keeps of the answer."""
    answer = recording("new", "INVOKED", invoked_time=at(0), storage_config=STORAGE["aws"])
    facts = started(World(start=[answer]), layers=layers_to(STORAGE["aws"])).facts
    assert facts["status"] == "INVOKED"
    assert facts["invoked_time"] == at(0)
    assert facts["storage_applied"] == "yes"
    assert facts["warning"] == ""
    assert set(facts) <= set(COMPUTED_OUTPUTS)
    assert CANARY not in repr(facts)


def test_a_recording_that_is_to_be_paused_is_paused_once_it_runs() -> None:
    """It has to leave INVOKED first."""
    running = recording("new", "RECORDING")
    world = World(start=[NEW], get=[NEW, NEW, running], act=[recording("new", "PAUSED")])
    assert started(world, desired_state="PAUSED").facts["status"] == "PAUSED"
    assert world.api.calls == ["active", "start", *["get new"] * 3, "pause new"]


def test_stopped_from_the_beginning_starts_nothing() -> None:
    """No call, a notice, and a placeholder for an id."""
    world = World()
    result = started(world, desired_state="STOPPED")
    assert is_placeholder(result.recording_id)
    assert result.facts["status"] == "NOT_STARTED"
    assert world.api.calls == []
    assert "nothing is started" in world.listener.notices[0]


# Interrupted deployments, and answers that were lost.


def test_our_own_interrupted_start_is_taken_over_by_its_mark() -> None:
    """An engine that was killed calls ``create`` again: the recording is there already."""
    world = World(active=[OURS], get=[OURS])
    assert started(world).recording_id == "ours"
    assert world.api.count("start") == 0
    assert MARK in world.listener.notices[0]


def test_the_users_own_mark_is_proof_too() -> None:
    """``{mark}`` in a user's prefix stands for the same hash."""
    mine = recording("ours", output_file_name=f"x_{MARK}_1.webm")
    world = World(active=[mine], get=[mine])
    layers = {"default": {"file_name_prefix": "x_{mark}"}}
    assert started(world, layers=layers).recording_id == "ours"


def test_our_own_start_that_has_ended_makes_way() -> None:
    """A recording of ours that only uploads is not taken over; the next one is started."""
    ended = OURS.model_copy(update={"status": "UPLOADING"})
    world = World(active=[OURS, OURS, None], get=[ended], start=[NEW])
    assert started(world).recording_id == "new"


def test_our_own_start_that_is_gone_is_no_obstacle() -> None:
    """The active question may lag behind."""
    world = World(active=[OURS], get=[not_found()], start=[NEW])
    assert started(world).recording_id == "new"


def test_after_a_lost_answer_the_recording_is_found_by_its_mark() -> None:
    """It takes a while to appear, and is not started twice."""
    world = World(active=[None, None, None, OURS], start=[lost()])
    assert started(world).recording_id == "ours"
    assert world.api.count("start") == 1
    assert "unclear answer" in world.listener.waits[0]


def test_after_a_lost_answer_it_is_found_by_time_and_prefix() -> None:
    """In the same run, what began after the POST with our prefix is ours."""
    layers = {"default": {"file_name_prefix": "mine"}}
    appeared = recording("new", output_file_name="mine_1.webm", invoked_time=at(1))
    world = World(active=[None, appeared], start=[lost(502)])
    assert started(world, layers=layers).recording_id == "new"
    assert world.api.count("start") == 1


def test_after_a_lost_answer_a_recording_without_a_name_is_found_by_time() -> None:
    """An answer need not name the file."""
    world = World(active=[None, recording("new", "INVOKED", invoked_time=at(0))], start=[lost()])
    assert started(world).recording_id == "new"


def test_after_a_lost_answer_it_is_found_in_the_list() -> None:
    """One that began and ended while nobody looked was ours all the same."""
    short = recording("short", "UPLOADING", invoked_time=at(1))
    world = World(start=[lost()], newest=[[OLDER, short]])
    assert started(world).recording_id == "short"
    assert world.api.count("start") == 1


NOT_OURS = {
    "it began before the POST": recording("r", invoked_time=at(-3)),
    "it carries another resource's mark": FOREIGN,
    "its name has none of our prefixes": recording(
        "r", output_file_name="other.webm", invoked_time=at(1)
    ),
}


@pytest.mark.parametrize("why", NOT_OURS)
def test_after_a_lost_answer_somebody_elses_recording_is_not_taken_over(why: str) -> None:
    """It is a conflict like any other, and there is no second POST."""
    world = World(active=[None, NOT_OURS[why]], newest=[[NOT_OURS[why]]], start=[lost()])
    refusal(world, ConflictError)
    assert world.api.count("start") == 1


WITHOUT_A_TIME = {
    "it is over and has no name": recording("r", "UPLOADED"),
    "it is live and has no name": recording("r"),
    "it is over, and of this resource's earlier days": OURS.model_copy(
        update={"status": "UPLOADED"}
    ),
}


@pytest.mark.parametrize("why", WITHOUT_A_TIME)
def test_after_a_lost_answer_an_entry_without_a_time_proves_nothing(why: str) -> None:
    """An old recording in the list is not what the POST started: another one is."""
    world = World(newest=[[WITHOUT_A_TIME[why]]], start=[lost(), NEW])
    assert started(world).recording_id == "new"


def test_after_a_lost_answer_an_ended_one_that_lags_behind_proves_nothing() -> None:
    """One that had ended before the POST is still called active, and tells no time."""
    ended = recording("r", "UPLOADING")
    assert started(World(active=[ended], start=[lost(), NEW])).recording_id == "new"


def test_after_a_lost_answer_a_live_entry_with_our_mark_needs_no_time() -> None:
    """The mark says whose it is, and nothing of ours ran before the POST."""
    world = World(newest=[[OURS]], start=[lost()])
    assert started(world).recording_id == "ours"
    assert world.api.count("start") == 1


def test_after_a_lost_answer_the_active_recording_needs_no_time() -> None:
    """The meeting had none before the POST."""
    world = World(active=[None, recording("r")], start=[lost()])
    assert started(world).recording_id == "r"


def test_only_a_clear_no_allows_another_post() -> None:
    """After the whole time that a recording may take to appear, and a look into the list."""
    world = World(start=[lost(), NEW])
    assert started(world).recording_id == "new"
    first, second = (i for i, call in enumerate(world.api.calls) if call == "start")
    between = world.api.calls[first + 1 : second]
    assert between.count("newest") == 1
    assert world.clock.now() - 1000 >= world.ports.timing.visible_after_start


def test_tries_end() -> None:
    """An API that loses every answer is an error in the end, with the facts of the last one."""
    world = World(start=[lost(502)] * 10)
    refusal(world, OutcomeUnknownError)
    assert world.api.count("start") == 4


UNABLE_TO_ASK = [lost(), failed(NotSentError), failed(TokenRejectedError, status=403)]


@pytest.mark.parametrize("error", UNABLE_TO_ASK)
def test_without_an_answer_to_the_question_there_is_no_post(error: CallError) -> None:
    """Whether the meeting is recorded already must be known."""
    world = World(active=[error])
    refusal(world, type(error))
    assert world.api.count("start") == 0


@pytest.mark.parametrize("error", UNABLE_TO_ASK)
def test_without_an_answer_after_a_lost_one_there_is_no_other_post(error: CallError) -> None:
    """A question that fails is not a clear no."""
    world = World(active=[None, error], start=[lost()])
    refusal(world, type(error))
    assert world.api.count("start") == 1


@pytest.mark.parametrize(
    "error",
    [failed(NotSentError), failed(TokenRejectedError), failed(RateLimitedError, status=429)],
)
def test_a_post_that_certainly_had_no_effect_is_an_error_at_once(error: CallError) -> None:
    """What can be repeated was repeated by the client."""
    world = World(start=[error])
    refusal(world, type(error))
    assert world.api.calls == ["active", "start"]


# Somebody else's recording.


@pytest.mark.parametrize("active", [OLDER, FOREIGN])
def test_by_default_somebody_elses_recording_is_a_conflict(active: Any) -> None:
    """The sentence names it, its status, and the setting that takes it over; nothing is sent."""
    world = World(active=[active])
    text = refusal(world, ConflictError)
    assert world.api.calls == ["active"]
    assert all(part in text for part in (active.id, "RECORDING", MEETING, "adopt_recording_id"))


def test_a_conflict_says_since_when() -> None:
    """And with a foreign mark, that an alias may be missing."""
    assert f"since {at(-600)}" in refusal(World(active=[OLDER]), ConflictError)
    foreign = refusal(World(active=[FOREIGN]), ConflictError)
    assert FOREIGN_MARK in foreign
    assert "alias" in foreign


def test_on_conflict_adopt_takes_it_over() -> None:
    """With a notice, and without a POST."""
    world = World(active=[OLDER])
    assert started(world, on_conflict="adopt").recording_id == "older"
    assert world.api.count("start") == 0
    assert "older" in world.listener.notices[0]


def test_on_conflict_adopt_never_takes_over_a_marked_one() -> None:
    """The resource that it belongs to would stop it one day."""
    world = World(active=[FOREIGN])
    refusal(world, ConflictError, on_conflict="adopt")
    assert world.api.calls == ["active"]


@pytest.mark.parametrize("active", [OLDER, FOREIGN])
def test_on_conflict_stop_ends_it_first(active: Any) -> None:
    """It is stopped, waited out and only then replaced, with a warning."""
    world = World(active=[active, active, None], act=[None], start=[NEW])
    assert started(world, on_conflict="stop").recording_id == "new"
    assert world.api.calls.index(f"stop {active.id}") < world.api.calls.index("start")
    assert active.id in world.listener.warnings[0]


def test_a_recording_that_only_uploads_is_no_conflict() -> None:
    """It has ended."""
    ended = OLDER.model_copy(update={"status": "UPLOADING"})
    assert started(World(active=[ended], start=[NEW])).recording_id == "new"


# Replacement: what this run stopped itself.


def test_a_stopped_recording_that_still_counts_as_active_is_waited_out() -> None:
    """The active question lags behind the stop; the mark in it is ours and proves nothing."""
    world = World(active=[OURS, OURS, OURS, None], start=[NEW])
    world.registry.recordings.register_stopped("ours")
    assert started(world).recording_id == "new"
    assert world.api.count("start") == 1
    assert "ours, which was stopped, to make way" in world.listener.waits[0]


def test_a_stopped_recording_that_never_makes_way_is_an_error() -> None:
    """Bounded, without a POST, and with what to do."""
    world = World(active=[OURS])
    world.registry.recordings.register_stopped("ours")
    assert "Deploy again" in refusal(world, WaitTimeoutError)
    assert world.api.count("start") == 0
    assert world.clock.now() - 1000 == pytest.approx(world.ports.timing.inactive_after_stop)


def test_behind_a_stopped_recording_may_stand_another() -> None:
    """What is active afterwards is judged like any other."""
    world = World(active=[OURS, OLDER])
    world.registry.recordings.register_stopped("ours")
    refusal(world, ConflictError)


def test_a_lost_start_is_not_taken_for_the_recording_that_was_stopped() -> None:
    """A stopped recording that shows up late is not what the POST started."""
    stopped = recording("ours", invoked_time=at(1))
    world = World(active=[None, stopped, stopped], newest=[[stopped]], start=[lost()])
    world.registry.recordings.register_stopped("ours")
    refusal(world, WaitTimeoutError)
    assert world.api.count("start") == 1


# Nobody in the meeting, and other refusals.


def test_without_a_session_the_default_is_an_error() -> None:
    """It names both other choices."""
    world = World(start=[refused("no active session")], has_session=[False])
    text = refusal(world, NoSessionError)
    assert "'wait'" in text
    assert "'skip'" in text


def test_without_a_session_wait_starts_when_somebody_comes() -> None:
    """The meeting is asked about again, and then recorded."""
    world = World(start=[refused(), NEW], has_session=[False, False, False, True])
    assert started(world, on_no_session="wait").recording_id == "new"
    assert f"somebody to join meeting {MEETING}" in world.listener.waits[0]


def test_without_a_session_wait_is_bounded() -> None:
    """``session_timeout`` seconds, then an error that says what to do."""
    world = World(start=[refused()], has_session=[False])
    assert "within the 20 s" in refusal(
        world, NoSessionError, on_no_session="wait", session_timeout=20
    )
    assert world.clock.now() - 1000 == pytest.approx(20)
    assert world.api.count("start") == 1


def test_without_a_session_skip_starts_nothing() -> None:
    """A notice and a placeholder, which the next deployment replaces."""
    world = World(start=[refused()], has_session=[False])
    result = started(world, on_no_session="skip")
    assert is_placeholder(result.recording_id)
    assert MARK in result.recording_id
    assert result.facts["status"] == "NO_SESSION"
    assert "on_no_session is 'skip'" in world.listener.notices[0]


@pytest.mark.parametrize("policy", ["fail", "wait", "skip"])
def test_a_meeting_that_does_not_exist_is_an_error_in_any_case(policy: str) -> None:
    """Waiting for somebody to join a misspelt meeting helps nobody."""
    world = World(start=[not_found()], has_session=[False], has_meeting=[False])
    assert "mend meeting_id or app_id" in refusal(world, NotFoundError, on_no_session=policy)


def test_a_conflict_that_the_post_met_is_found_and_judged() -> None:
    """Somebody was faster; their recording shows up a moment later."""
    world = World(active=[None, None, None, OLDER], start=[refused("already being recorded", 409)])
    refusal(world, ConflictError)
    assert world.api.count("start") == 1


def test_a_post_that_was_too_early_is_tried_again() -> None:
    """The meeting's last recording had not made way yet."""
    ended = OLDER.model_copy(update={"status": "UPLOADING"})
    world = World(active=[None, ended, None], start=[refused("already"), NEW])
    assert started(world).recording_id == "new"


@pytest.mark.parametrize(
    "field", ["media_kind", "outputs", "storage_config", "max_seconds", "user_ids"]
)
def test_a_field_that_apis_disagree_on_names_the_setting(field: str) -> None:
    """The reference and what was published later want different bodies."""
    world = World(start=[refused(f'"layers.default.{field}" is not allowed')])
    assert "realtimekit:trackApi" in refusal(world, RequestRejectedError)


def test_any_other_refusal_is_passed_on() -> None:
    """With the API's own words."""
    text = refusal(World(start=[refused("meeting is locked")]), RequestRejectedError)
    assert "meeting is locked" in text
    assert "trackApi" not in text


# The engine is gone.


def test_nothing_is_started_for_a_deployment_that_is_gone() -> None:
    """A killed engine leaves the provider's process behind: it must not start anything."""
    world = World(heard=[False])
    refusal(world, EngineGoneError)
    assert world.api.count("start") == 0


def test_a_lost_answer_is_not_followed_by_a_post_for_nobody() -> None:
    """Not the second time either."""
    world = World(start=[lost()], heard=[True, False])
    refusal(world, EngineGoneError)
    assert world.api.count("start") == 1


def test_nobody_waits_for_a_session_for_a_deployment_that_is_gone() -> None:
    """The wait ends as soon as nobody waits for its end."""
    world = World(start=[refused()], has_session=[False], heard=[True, True, True, False])
    refusal(world, EngineGoneError, on_no_session="wait")
    assert world.api.count("start") == 1


# Adoption.


def test_a_recording_is_taken_over_by_its_id() -> None:
    """Verified by its own answer, without a POST."""
    world = World(get=[recording("older", meeting_id=MEETING)])
    assert started(world, adopt_recording_id="older").recording_id == "older"
    assert world.api.calls == ["get older"]


def test_an_answer_without_a_meeting_is_verified_by_a_question() -> None:
    """The reference's answer does not name the meeting: it is the active one, or in the list."""
    active = World(get=[OLDER], active=[OLDER])
    listed = World(get=[OLDER], newest=[[FOREIGN, OLDER]])
    assert started(active, adopt_recording_id="older").recording_id == "older"
    assert started(listed, adopt_recording_id="older").recording_id == "older"


UNADOPTABLE = {
    "does not know": World(get=[not_found()]),
    "has ended": World(get=[recording("older", "UPLOADED", meeting_id=MEETING)]),
    "is not one of meeting": World(get=[recording("older", meeting_id="another")]),
}


@pytest.mark.parametrize("why", UNADOPTABLE)
def test_what_cannot_be_taken_over_is_an_error(why: str) -> None:
    """It names the id, and nothing is started in its place."""
    text = refusal(UNADOPTABLE[why], AdoptionError, adopt_recording_id="older")
    assert why in text
    assert "older" in text


def test_an_ended_recording_is_followed_by_another_where_on_ended_says_so() -> None:
    """A deployment that was killed between the old one's end and the new one's start goes on."""
    world = World(get=[recording("older", "UPLOADED", meeting_id=MEETING)], start=[NEW])
    result = started(world, adopt_recording_id="older", on_ended="restart")
    assert result.recording_id == "new"
    assert "older, which adopt_recording_id names, has ended" in world.listener.notices[0]


def test_an_ended_recording_of_another_meeting_is_followed_by_none() -> None:
    """The id is a mistake, whatever ``on_ended`` says."""
    world = World(get=[recording("older", "UPLOADED", meeting_id="another")])
    refusal(world, AdoptionError, adopt_recording_id="older", on_ended="restart")


def test_taking_over_a_marked_recording_is_a_warning() -> None:
    """Another stack may still have it."""
    world = World(get=[FOREIGN.model_copy(update={"meeting_id": MEETING})])
    assert started(world, adopt_recording_id="foreign").recording_id == "foreign"
    assert FOREIGN_MARK in world.listener.warnings[0]


def test_an_adopted_recording_that_this_run_stopped_is_not_adopted_again() -> None:
    """Its replacement is a new one."""
    world = World(start=[NEW])
    world.registry.recordings.register_stopped("older")
    assert started(world, adopt_recording_id="older").recording_id == "new"


# After a POST that succeeded nothing raises.


def test_a_pause_that_fails_after_the_start_is_a_warning() -> None:
    """The recording runs, and is in the state: an error would orphan it."""
    running = recording("new")
    world = World(start=[running], act=[refused()], get=[running])
    result = started(world, desired_state="PAUSED")
    assert result.recording_id == "new"
    assert "is not PAUSED" in result.facts["warning"]
    assert result.facts["warning"] in world.listener.warnings


def test_a_recording_that_does_not_begin_in_time_is_a_warning() -> None:
    """It stays INVOKED for longer than a pause may wait."""
    world = World(start=[NEW], get=[NEW])
    assert "still INVOKED" in started(world, desired_state="PAUSED").facts["warning"]


def test_storage_that_was_not_applied_is_a_warning() -> None:
    """Files in Cloudflare's bucket vanish after seven days."""
    answer = recording("new", storage_config={"type": "aws", "bucket": "another"})
    world = World(start=[answer])
    facts = started(world, layers=layers_to(STORAGE["aws"])).facts
    assert facts["storage_applied"] == "no"
    assert "seven days" in facts["warning"]
    assert world.listener.warnings == [facts["warning"]]


def test_a_started_recording_is_claimed_for_its_resource() -> None:
    """Another resource of the run that is deleted later leaves it running."""
    world = World(start=[NEW])
    started(world)
    assert world.registry.recordings.is_owned_by_another("new", FOREIGN_MARK)
    assert not world.registry.recordings.is_owned_by_another("new", MARK)
