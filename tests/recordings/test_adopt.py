"""A meeting that has an active recording already, and a recording that is adopted by its id."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.errors import (
    AdoptionError,
    ConflictError,
    WaitTimeoutError,
)
from tests.example_values import (
    FOREIGN_MARK,
    MEETING,
    URN,
    build_recording,
)
from tests.fakes import (
    FakePorts,
    format_time,
    make_lost_response,
    make_not_found,
)
from tests.recordings.start_setup import (
    COMPOSITE,
    FOREIGN,
    NEW,
    OF_ANOTHER_STATE,
    OLDER,
    OURS,
    fail_to_start,
    start,
)

# An active recording that is not this resource's.


@pytest.mark.parametrize("active", [OLDER, FOREIGN])
def test_by_default_somebody_elses_recording_is_a_conflict(active: Any) -> None:
    """The sentence names it, its status, and the setting that takes it over; nothing is sent."""
    fake = FakePorts(get_active=[active])
    text = fail_to_start(fake, ConflictError)
    assert fake.recordings.calls == ["get_active"]
    assert all(part in text for part in (active.id, "RECORDING", MEETING, "adopt_recording_id"))


def test_a_conflict_says_since_when() -> None:
    """And with a foreign mark, that an alias may be missing."""
    unmarked = fail_to_start(FakePorts(get_active=[OLDER]), ConflictError)
    assert f"since {format_time(-600)}" in unmarked
    foreign = fail_to_start(FakePorts(get_active=[FOREIGN]), ConflictError)
    assert FOREIGN_MARK in foreign
    assert "alias" in foreign


def test_a_conflict_says_which_stack_started_the_recording() -> None:
    """An alias helps within a stack; a recording of another state is only taken over by its id."""
    same_stack = fail_to_start(FakePorts(get_active=[FOREIGN]), ConflictError)
    another_stack = fail_to_start(FakePorts(get_active=[OF_ANOTHER_STATE]), ConflictError)
    assert "another TrackRecording of this stack" in same_stack
    assert "the mark rk5e1d3a7c" in another_stack
    assert "of another stack, or of a state that was lost" in another_stack
    assert "alias" not in another_stack


def test_a_conflict_names_the_resource_that_started_the_recording() -> None:
    """As its file's name says and its mark proves; one that is declared, by its present name."""
    name = f"prod_retro_default_{FOREIGN_MARK}_default_17952747.webm"
    active = FOREIGN.model_copy(update={"output_file_name": name})
    fake = FakePorts(get_active=[active, active])
    assert f"{FOREIGN_MARK} of 'retro', another" in fail_to_start(fake, ConflictError)
    fake.registry.marks.register_mark(FOREIGN_MARK, URN.replace("standup", "daily"))
    assert f"{FOREIGN_MARK} of 'daily', another" in fail_to_start(fake, ConflictError)


def test_a_mark_of_another_state_is_no_proof() -> None:
    """Names agree to the last letter, and the recording is not taken over by any policy."""
    for policy in ("fail", "adopt"):
        fake = FakePorts(get_active=[OF_ANOTHER_STATE])
        fail_to_start(fake, ConflictError, on_conflict=policy)
        assert fake.recordings.calls == ["get_active"]


def test_on_conflict_adopt_takes_it_over() -> None:
    """With a notice, and without a POST."""
    fake = FakePorts(get_active=[OLDER])
    assert start(fake, on_conflict="adopt").recording_id == "older"
    assert fake.recordings.count("start") == 0
    assert "older" in fake.reporter.notices[0]


def test_on_conflict_adopt_never_takes_over_a_marked_one() -> None:
    """The resource that it belongs to would stop it one day."""
    fake = FakePorts(get_active=[FOREIGN])
    fail_to_start(fake, ConflictError, on_conflict="adopt")
    assert fake.recordings.calls == ["get_active"]


@pytest.mark.parametrize("active", [OLDER, FOREIGN])
def test_on_conflict_stop_ends_it_first(active: Any) -> None:
    """It is stopped, waited out and only then replaced, with a warning."""
    fake = FakePorts(get_active=[active, active, None], send_action=[None], start=[NEW])
    assert start(fake, on_conflict="stop").recording_id == "new"
    assert fake.recordings.calls.index(f"stop {active.id}") < fake.recordings.calls.index("start")
    assert active.id in fake.reporter.warnings[0]


@pytest.mark.parametrize(
    ("active", "owner"),
    [
        (OLDER, "because on_conflict is 'stop'"),
        (FOREIGN, f"the mark {FOREIGN_MARK} of 'retro', another TrackRecording of this stack"),
        (OF_ANOTHER_STATE, " of another stack"),
    ],
)
def test_on_conflict_stop_says_whose_recording_it_ends(active: Any, owner: str) -> None:
    """Its resource will find it ended."""
    fake = FakePorts(get_active=[active, active, None], send_action=[None], start=[NEW])
    start(fake, on_conflict="stop")
    assert fake.reporter.warnings[0].endswith(owner)


COMPOSITES = {
    "of record_on_start": COMPOSITE,
    "of somebody": COMPOSITE.model_copy(update={"start_reason": "API_CALL"}),
    "with this resource's mark": COMPOSITE.model_copy(
        update={"output_file_name": OURS.output_file_name}
    ),
}


@pytest.mark.parametrize("on_conflict", ["fail", "adopt", "stop"])
@pytest.mark.parametrize("active", COMPOSITES)
def test_a_composite_recording_is_neither_taken_over_nor_stopped(
    active: str, on_conflict: str
) -> None:
    """It is somebody's recording, and not the one that is declared; the sentence names it."""
    fake = FakePorts(get_active=[COMPOSITES[active]])
    text = fail_to_start(fake, ConflictError, on_conflict=on_conflict)
    assert fake.recordings.calls == ["get_active"]
    assert f"meeting {MEETING} already has an active composite recording, mixed" in text
    assert "neither taken over nor stopped, whatever on_conflict says" in text
    assert ("record_on_start" in text) is (active != "of somebody")


def test_a_recording_of_an_unknown_kind_is_taken_over_by_on_conflict() -> None:
    """Not every response says the kind, and the file's name is no proof of it."""
    active = OLDER.model_copy(update={"output_file_name": "a.mp4"})
    fake = FakePorts(get_active=[active])
    assert start(fake, on_conflict="adopt").recording_id == "older"


NAMELESS = OLDER.model_copy(update={"output_file_name": None})


@pytest.mark.parametrize(
    ("on_conflict", "complete"),
    [("adopt", OF_ANOTHER_STATE), ("adopt", COMPOSITE), ("stop", COMPOSITE)],
)
def test_a_recording_without_a_file_name_is_asked_for_again(
    on_conflict: str, complete: Recording
) -> None:
    """Whose it is, and of which kind, is what the second answer says."""
    fake = FakePorts(get_active=[NAMELESS], get=[complete])
    fail_to_start(fake, ConflictError, on_conflict=on_conflict)
    assert fake.recordings.calls == ["get_active", "get older"]


@pytest.mark.parametrize("on_conflict", ["fail", "adopt", "stop"])
def test_a_recording_whose_file_name_stays_unknown_is_left_alone(on_conflict: str) -> None:
    """It may be another state's, or a composite one."""
    fake = FakePorts(get_active=[NAMELESS], get=[NAMELESS])
    text = fail_to_start(fake, ConflictError, on_conflict=on_conflict)
    assert fake.recordings.calls == ["get_active", "get older"]
    assert "does not tell the name of its file" in text


def test_an_interrupted_start_is_recognised_by_the_second_answer() -> None:
    """The first one had no file name, and the mark is in it."""
    nameless = OURS.model_copy(update={"output_file_name": None})
    fake = FakePorts(get_active=[nameless], get=[OURS])
    assert start(fake).recording_id == "ours"


def test_a_recording_that_only_uploads_is_no_conflict() -> None:
    """It has ended."""
    ended = OLDER.model_copy(update={"status": "UPLOADING"})
    assert start(FakePorts(get_active=[ended], start=[NEW])).recording_id == "new"


# Replacement: a recording that this deployment stopped itself.


def test_a_stopped_recording_that_still_counts_as_active_is_waited_out() -> None:
    """The active question lags behind the stop; the mark in it is ours and proves nothing."""
    fake = FakePorts(get_active=[OURS, OURS, OURS, None], start=[NEW])
    fake.registry.recordings.register_stopped("ours")
    assert start(fake).recording_id == "new"
    assert fake.recordings.count("start") == 1
    assert "recording ours, which was stopped, is still active" in fake.reporter.waits[0]


def test_a_stopped_recording_that_never_becomes_inactive_is_an_error() -> None:
    """Bounded, without a POST, and with what to do."""
    fake = FakePorts(get_active=[OURS])
    fake.registry.recordings.register_stopped("ours")
    assert "Deploy again" in fail_to_start(fake, WaitTimeoutError)
    assert fake.recordings.count("start") == 0
    assert fake.clock.now() - 1000 == pytest.approx(fake.ports.timing.inactive_after_stop)


def test_another_recording_may_be_active_after_the_stopped_one() -> None:
    """It is treated like any other active recording."""
    fake = FakePorts(get_active=[OURS, OLDER])
    fake.registry.recordings.register_stopped("ours")
    fail_to_start(fake, ConflictError)


def test_a_lost_start_is_not_taken_for_the_recording_that_was_stopped() -> None:
    """A stopped recording that shows up late is not what the POST started."""
    stopped = build_recording("ours", invoked_time=format_time(1))
    fake = FakePorts(
        get_active=[None, stopped, stopped], list_newest=[[stopped]], start=[make_lost_response()]
    )
    fake.registry.recordings.register_stopped("ours")
    fail_to_start(fake, WaitTimeoutError)
    assert fake.recordings.count("start") == 1


# Adoption by id.


def test_a_recording_is_taken_over_by_its_id() -> None:
    """Verified by its own answer, without a POST."""
    fake = FakePorts(get=[build_recording("older", meeting_id=MEETING, kind="TRACK")])
    assert start(fake, adopt_recording_id="older").recording_id == "older"
    assert fake.recordings.calls == ["get older"]
    assert fake.reporter.warnings == []


@pytest.mark.parametrize("kind", ["TRACK", "COMPOSITE", None])
def test_the_kind_of_a_named_recording_is_looked_for_in_the_list(kind: Any) -> None:
    """Where its own answer tells neither kind nor name; one that stays unknown is warned of."""
    nameless = build_recording("older", meeting_id=MEETING)
    listed = nameless.model_copy(update={"kind": kind})
    fake = FakePorts(get=[nameless], list_newest=[[listed]])
    if kind == "COMPOSITE":
        text = fail_to_start(fake, AdoptionError, adopt_recording_id="older")
        assert "is a composite recording" in text
        return
    assert start(fake, adopt_recording_id="older").recording_id == "older"
    assert fake.recordings.calls == ["get older", "list_newest"]
    warned = [text for text in fake.reporter.warnings if "whether recording older" in text]
    assert len(warned) == (kind is None)


def test_an_answer_without_a_meeting_is_verified_by_a_question() -> None:
    """The reference's answer does not name the meeting: it is the active one, or in the list."""
    active = FakePorts(get=[OLDER], get_active=[OLDER])
    listed = FakePorts(get=[OLDER], list_newest=[[FOREIGN, OLDER]])
    assert start(active, adopt_recording_id="older").recording_id == "older"
    assert start(listed, adopt_recording_id="older").recording_id == "older"


UNADOPTABLE = {
    "does not know": FakePorts(get=[make_not_found()]),
    "has ended": FakePorts(get=[build_recording("older", "UPLOADED", meeting_id=MEETING)]),
    "is a composite recording": FakePorts(get=[COMPOSITE.model_copy(update={"id": "older"})]),
    "is not one of meeting": FakePorts(get=[build_recording("older", meeting_id="another")]),
}


@pytest.mark.parametrize("why", UNADOPTABLE)
def test_a_recording_that_cannot_be_taken_over_is_an_error(why: str) -> None:
    """It names the id, and nothing is started in its place."""
    text = fail_to_start(UNADOPTABLE[why], AdoptionError, adopt_recording_id="older")
    assert why in text
    assert "older" in text


def test_an_ended_recording_is_followed_by_another_where_on_ended_says_so() -> None:
    """A deployment that was killed between the old one's end and the new one's start goes on."""
    fake = FakePorts(get=[build_recording("older", "UPLOADED", meeting_id=MEETING)], start=[NEW])
    result = start(fake, adopt_recording_id="older", on_ended="restart")
    assert result.recording_id == "new"
    assert "older, which adopt_recording_id names, has ended" in fake.reporter.notices[0]


def test_an_ended_recording_of_another_meeting_is_followed_by_none() -> None:
    """The id is a mistake, whatever ``on_ended`` says."""
    fake = FakePorts(get=[build_recording("older", "UPLOADED", meeting_id="another")])
    fail_to_start(fake, AdoptionError, adopt_recording_id="older", on_ended="restart")


def test_taking_over_a_marked_recording_is_a_warning() -> None:
    """Another stack may still have it."""
    fake = FakePorts(get=[FOREIGN.model_copy(update={"meeting_id": MEETING})])
    assert start(fake, adopt_recording_id="foreign").recording_id == "foreign"
    assert FOREIGN_MARK in fake.reporter.warnings[0]


def test_the_warning_says_which_stack_a_taken_recording_is_of() -> None:
    """So that its owner is looked for in the right state."""
    warnings = []
    for recording in (FOREIGN, OF_ANOTHER_STATE):
        fake = FakePorts(get=[recording.model_copy(update={"meeting_id": MEETING})])
        start(fake, adopt_recording_id=recording.id)
        warnings += fake.reporter.warnings
    assert "another TrackRecording of this stack" in warnings[0]
    assert "of another stack" in warnings[1]


def test_an_adopted_recording_that_this_run_stopped_is_not_adopted_again() -> None:
    """Its replacement is a new one."""
    fake = FakePorts(start=[NEW])
    fake.registry.recordings.register_stopped("older")
    assert start(fake, adopt_recording_id="older").recording_id == "new"
