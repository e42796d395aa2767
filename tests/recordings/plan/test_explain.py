"""What a recording's row says of a plan, and which paths its diff shows."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.recordings.explain import (
    DOUBTFUL_KEY,
    KEEPS_CREDENTIALS,
    Remark,
    advise_on_lost_key,
    explain_plan,
    get_updated_paths,
)
from realtimekit_provider.recordings.plan import Plan
from realtimekit_provider.recordings.stored import StoredRecording
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.example_values import (
    STORAGE,
    build_inputs,
    build_layers,
    build_state,
    build_stored,
    plan_change,
)

ID = "rec-1"


def explain(before: dict[str, Any], after: dict[str, Any]) -> list[Remark]:
    """Return the remarks on what leads from a state to inputs."""
    return list(explain_plan(plan_change(before, after), StoredRecording.from_props(ID, before)))


@pytest.mark.parametrize("status", ["INVOKED", "RECORDING", "PAUSED"])
def test_the_end_of_a_live_recording_is_a_warning(status: str) -> None:
    """With its meeting, and with the input that costs it."""
    before = build_state(status, meeting_id="m1", max_seconds=60)
    after = build_inputs(meeting_id="m1", max_seconds=90)
    text = (
        "ends the live recording of meeting m1 and starts another one, because max_seconds changes"
    )
    assert explain(before, after) == [Remark(text, is_warning=True)]


def test_a_live_recording_that_is_not_to_go_on_starts_no_other() -> None:
    """The inputs replace it, and want no recording any more."""
    before = build_state("RECORDING", meeting_id="m1", max_seconds=60)
    after = build_inputs(meeting_id="m2", max_seconds=90, desired_state="STOPPED")
    text = "ends the live recording of meeting m1, because max_seconds, meeting_id change"
    assert explain(before, after) == [Remark(text, is_warning=True)]


def test_of_many_causes_the_first_three_are_named() -> None:
    """The diff has them all."""
    before = build_state("RECORDING", meeting_id="m1", max_seconds=60, user_ids=["a"])
    after = build_inputs(meeting_id="m2", max_seconds=90, user_ids=["b"], app_id="another-app")
    (remark,) = explain(before, after)
    assert remark.text.endswith("because app_id, max_seconds, meeting_id and 1 more change")


def test_an_unknown_value_may_end_a_live_recording() -> None:
    """What it depends on is created with this deployment."""
    before = build_state("RECORDING", meeting_id="m1")
    (remark,) = explain(before, build_inputs(meeting_id=UNKNOWN))
    assert remark.text.endswith("because meeting_id changes")


def test_an_empty_room_is_tried_again() -> None:
    """Nothing of the inputs says so."""
    before = build_state("NO_SESSION", meeting_id="m1", on_no_session="skip")
    after = build_inputs(meeting_id="m1", on_no_session="skip")
    assert explain(before, after) == [Remark("tries again: nobody was in meeting m1")]


def test_a_recording_that_ended_by_itself_names_the_policy() -> None:
    """``on_ended`` is not among what changes."""
    before = build_state("ERRORED", meeting_id="m1", on_ended="restart")
    after = build_inputs(meeting_id="m1", on_ended="restart")
    text = (
        "starts another recording: the one of meeting m1 ended by itself (ERRORED), and on_ended "
        "is 'restart'"
    )
    assert explain(before, after) == [Remark(text)]


@pytest.mark.parametrize(
    ("stop_reason", "stopped_time", "how"),
    [
        ("API_CALL", "2026-07-01T12:05:00Z", "was stopped outside of this stack"),
        ("API_CALL", None, "was stopped outside of this stack"),
        ("API_CALL", "2026-07-01T12:10:00Z", "ended by itself"),
        ("ALL_PEERS_LEFT", "2026-07-01T12:05:00Z", "ended by itself"),
        ("INTERNAL_ERROR", "2026-07-01T12:05:00Z", "ended by itself"),
        (None, "2026-07-01T12:05:00Z", "ended by itself"),
    ],
)
def test_a_recording_that_somebody_stopped_did_not_end_by_itself(
    stop_reason: str | None, stopped_time: str | None, how: str
) -> None:
    """In the words of drift; the API gives the same reason where ``max_seconds`` are over."""
    before = {
        **build_state("UPLOADED", meeting_id="m1", max_seconds=600),
        "stop_reason": stop_reason,
        "started_time": "2026-07-01T12:00:00Z",
        "stopped_time": stopped_time,
    }
    after = build_inputs(meeting_id="m1", max_seconds=600, on_ended="restart")
    (remark,) = explain(before, after)
    assert remark.text == (
        f"starts another recording: the one of meeting m1 {how} (UPLOADED), and on_ended is "
        "'restart'"
    )
    refused = plan_change(before, {**after, "on_ended": "fail"}).refusal
    assert str(refused).startswith(f"recording rec-1 {how} (UPLOADED) while desired_state is")


def test_a_changed_input_is_reason_enough_for_another_recording() -> None:
    """A replacement that was interrupted has stopped it, and nobody outside."""
    before = {**build_state("UPLOADED", meeting_id="m1"), "stop_reason": "API_CALL"}
    after = build_inputs(meeting_id="m1", max_seconds=600, on_ended="restart")
    (remark,) = explain(before, after)
    assert remark.text == "starts another recording: the one of meeting m1 ended (UPLOADED)"


def test_a_stopped_recording_is_not_resumed() -> None:
    """It is another one, although only the desired state changes."""
    before = build_state("UPLOADED", meeting_id="m1", desired_state="STOPPED")
    after = build_inputs(meeting_id="m1", desired_state="PAUSED")
    text = "starts another recording: the one of meeting m1 ended (UPLOADED)"
    assert explain(before, after) == [Remark(text)]


@pytest.mark.parametrize(("status", "remarks"), [("RECORDING", 1), ("UPLOADED", 0)])
def test_a_live_recording_keeps_its_credentials(status: str, remarks: int) -> None:
    """Only of a live one there is something to say."""
    before = build_state(status, layers=build_layers(STORAGE["aws"]))
    other = build_layers({**STORAGE["aws"], "secret": "another"})
    after = build_inputs(layers=other)
    assert explain(before, after) == [Remark(KEEPS_CREDENTIALS)] * remarks


@pytest.mark.parametrize(("status", "is_warned"), [("RECORDING", True), ("UPLOADED", False)])
def test_a_lost_key_is_reported_instead_of_the_changed_one(status: str, *, is_warned: bool) -> None:
    """That the recording keeps it would be no comfort."""
    stored = build_stored(status, layers=build_layers(STORAGE["aws"]))
    plan = Plan(updates=("layers.default.outputs[0].storage_config.secret",))
    remarks = list(explain_plan(plan, stored, has_lost_key=True))
    assert remarks == [Remark(advise_on_lost_key(stored), is_warning=True)] * is_warned


def test_an_input_that_explains_itself_has_no_remark() -> None:
    """The diff shows it."""
    before = build_state("PAUSED", desired_state="PAUSED")
    after = build_inputs(desired_state="RECORDING")
    assert explain(before, after) == []
    assert get_updated_paths(plan_change(before, after)) == ("desired_state",)


@pytest.mark.parametrize(
    ("found", "declared", "text"),
    [
        ("PAUSED", "RECORDING", "resumes {}paused {}"),
        ("RECORDING", "PAUSED", "pauses {}resumed {}"),
    ],
)
def test_a_change_outside_of_the_stack_is_explained(found: str, declared: str, text: str) -> None:
    """Its diff alone looks like one of the program; a replacement says more."""
    before = build_state(found, meeting_id="m1", desired_state=found)
    after = build_inputs(meeting_id="m1", desired_state=declared)
    stored = StoredRecording.from_props(ID, before)
    outside = text.format("the recording of meeting m1, which was ", "outside of this stack")
    remarks = list(explain_plan(plan_change(before, after), stored, is_changed_outside=True))
    assert remarks == [Remark(outside)]
    assert explain(before, after) == []
    replaced = plan_change(before, {**after, "max_seconds": 90})
    (remark,) = explain_plan(replaced, stored, is_changed_outside=True)
    assert remark.text.startswith("ends the live recording of meeting m1")


@pytest.mark.parametrize(
    ("status", "policy", "paths"),
    [
        ("PAUSED", "keep", ("status",)),
        ("UPLOADED", "fail", ("status",)),
        ("UPLOADED", "keep", ()),
        ("RECORDING", "keep", ()),
    ],
)
def test_a_recording_that_is_not_as_declared_shows_its_status(
    status: str, policy: str, paths: tuple[str, ...]
) -> None:
    """Also where nothing of the inputs changes."""
    before = build_state(status, on_ended=policy)
    plan = plan_change(before, build_inputs(on_ended=policy))
    assert get_updated_paths(plan) == paths
    assert bool(paths) is (plan != Plan())


@pytest.mark.parametrize("status", ["RECORDING", "PAUSED", "NO_SESSION"])
def test_a_recording_that_is_replaced_does_not_also_show_its_status(status: str) -> None:
    """What the status asks for is asked of the recording that goes."""
    plan = plan_change(build_state(status, max_seconds=60), build_inputs(max_seconds=90))
    assert plan.replaces[0] == "max_seconds"
    assert get_updated_paths(plan) == ()


@pytest.mark.parametrize("has_doubtful_key", [True, False])
def test_a_key_that_may_be_gone_is_a_warning(has_doubtful_key: bool) -> None:
    """A refresh found it changed in its cloud, and a preview cannot know more."""
    before = build_state("RECORDING", layers=build_layers(STORAGE["aws"]))
    changed = build_layers({**STORAGE["aws"], "secret": UNKNOWN})
    plan = plan_change(before, build_inputs(layers=changed))
    stored = StoredRecording.from_props(ID, before)
    [remark] = explain_plan(plan, stored, has_doubtful_key=has_doubtful_key)
    assert remark.text == (DOUBTFUL_KEY if has_doubtful_key else KEEPS_CREDENTIALS)
    assert remark.is_warning is has_doubtful_key
