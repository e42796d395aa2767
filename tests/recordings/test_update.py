"""Changing, refreshing and ending a recording that the state knows."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.errors import (
    CallError,
    OutcomeUnknownError,
    RequestRejectedError,
    TokenRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.update import (
    delete_recording,
    refresh_recording,
    update_recording,
)
from tests.example_values import (
    ACCOUNT,
    APP,
    CANARY,
    FOREIGN_MARK,
    MARK,
    STORAGE,
    inputs,
    layers_to,
    state,
)
from tests.example_values import recording as a_recording
from tests.fakes import World, at, failed, lost, not_found, refused

ID = "rec-1"
PLACEHOLDER = f"nothing-started-{MARK}"


# Update.


@pytest.mark.parametrize(
    ("desired", "before", "call", "then"),
    [
        ("PAUSED", "RECORDING", "pause rec-1", "PAUSED"),
        ("RECORDING", "PAUSED", "resume rec-1", "RECORDING"),
        ("STOPPED", "RECORDING", "stop rec-1", "UPLOADING"),
    ],
)
def test_a_change_of_the_desired_state_costs_one_call(
    desired: str, before: str, call: str, then: str
) -> None:
    """The new facts are those of the answer; what it leaves out stays."""
    world = World(act=[a_recording(status=then, started_time=at(-60))])
    old = {**state(before), "session_id": "ses-1", "storage_applied": "yes"}
    facts = update_recording(ID, old, inputs(desired_state=desired), world.ports)
    assert world.api.calls == [call]
    assert facts["status"] == then
    assert (facts["session_id"], facts["storage_applied"]) == ("ses-1", "yes")
    assert facts["started_time"] == at(-60)
    assert set(facts) <= set(COMPUTED_OUTPUTS)


@pytest.mark.parametrize("policy", ["on_delete", "on_ended", "wait_for_upload"])
def test_a_change_of_a_policy_costs_nothing(policy: str) -> None:
    """It is taken note of, and the facts stay; an old warning goes."""
    world = World()
    value = {"on_delete": "leave", "on_ended": "fail", "wait_for_upload": 5}[policy]
    old = {**state(), "warning": "old"}
    facts = update_recording(ID, old, inputs(**{policy: value}), world.ports)
    assert world.api.calls == []
    assert facts["status"] == "RECORDING"
    assert facts["warning"] == ""


@pytest.mark.parametrize("status", ["RECORDING", "PAUSED"])
def test_rotated_credentials_do_not_touch_a_live_recording(status: str) -> None:
    """No call; the row says that the next recording uses them."""
    world = World()
    desired = status
    old = state(status, layers=layers_to(STORAGE["aws"]), desired_state=desired)
    new = layers_to({**STORAGE["aws"], "secret": "CANARY-rotated"})
    update_recording(ID, old, inputs(layers=new, desired_state=desired), world.ports)
    assert world.api.calls == []
    [notice] = world.listener.notices
    assert "the next one uses the new ones" in notice
    assert CANARY not in world.listener.said


def test_rotated_credentials_of_an_ended_recording_are_no_news() -> None:
    """Nothing runs with the old ones."""
    world = World()
    old = state("UPLOADED", layers=layers_to(STORAGE["aws"]))
    new = layers_to({**STORAGE["aws"], "secret": "rotated"})
    update_recording(ID, old, inputs(layers=new), world.ports)
    assert world.listener.said == ""


def test_a_recording_that_was_never_started_is_not_acted_on() -> None:
    """A placeholder has no recording behind it."""
    world = World()
    old = state("NOT_STARTED", desired_state="STOPPED")
    facts = update_recording(
        PLACEHOLDER, old, inputs(desired_state="STOPPED", on_delete="leave"), world.ports
    )
    assert world.api.calls == []
    assert facts["status"] == "NOT_STARTED"


def test_a_stop_waits_for_the_upload_where_that_was_asked_for() -> None:
    """At most ``wait_for_upload`` seconds; then the files have landed."""
    world = World(act=[None], get=[a_recording(status="UPLOADED")])
    after = inputs(desired_state="STOPPED", wait_for_upload=30)
    assert update_recording(ID, state(), after, world.ports)["status"] == "UPLOADED"


def test_an_upload_that_takes_longer_is_a_warning_of_an_update() -> None:
    """The recording is stopped: that much is true, and in the state."""
    world = World(act=[None], get=[a_recording(status="UPLOADING")])
    after = inputs(desired_state="STOPPED", wait_for_upload=30)
    assert update_recording(ID, state(), after, world.ports)["status"] == "UPLOADING"
    assert "within the 30 s of wait_for_upload" in world.listener.warnings[0]


def test_a_pause_of_a_recording_that_is_gone_tells_the_truth() -> None:
    """The state says GONE, and ``on_ended`` decides at the next deployment."""
    world = World(act=[not_found()], get=[not_found()])
    facts = update_recording(ID, state(), inputs(desired_state="PAUSED"), world.ports)
    assert facts["status"] == "GONE"
    assert "no longer known" in world.listener.warnings[0]


# Refresh.


@pytest.mark.parametrize(
    ("desired", "status", "amounts_to"),
    [
        ("RECORDING", "RECORDING", "RECORDING"),
        ("RECORDING", "PAUSED", "PAUSED"),
        ("PAUSED", "RECORDING", "RECORDING"),
        ("RECORDING", "UPLOADED", "RECORDING"),
        ("STOPPED", "UPLOADED", "STOPPED"),
    ],
)
def test_a_refresh_tells_what_is_true(desired: str, status: str, amounts_to: str) -> None:
    """One look; what somebody did in the dashboard shows as another desired state."""
    world = World(get=[a_recording(status=status, stopped_time=at(5))])
    before = {**state("UPLOADING" if desired == "STOPPED" else desired, desired_state=desired)}
    seen = refresh_recording(ID, before, world.ports)
    assert seen is not None
    assert (seen.facts["status"], seen.desired_state) == (status, amounts_to)
    assert seen.facts["stopped_time"] == at(5)
    assert len(world.api.calls) == 1


@pytest.mark.parametrize("status", ["UPLOADED", "ERRORED"])
def test_a_recording_that_ended_for_good_is_not_asked_for(status: str) -> None:
    """It never changes again."""
    world = World()
    seen = refresh_recording(ID, state(status), world.ports)
    assert seen is not None
    assert seen.facts["status"] == status
    assert world.api.calls == []


@pytest.mark.parametrize("status", ["NOT_STARTED", "NO_SESSION"])
def test_a_placeholder_is_not_asked_for(status: str) -> None:
    """There is nothing to ask about."""
    world = World()
    seen = refresh_recording(PLACEHOLDER, state(status), world.ports)
    assert seen is not None
    assert seen.facts["status"] == status
    assert world.api.calls == []


def test_only_a_404_is_gone() -> None:
    """The engine then forgets the recording."""
    assert refresh_recording(ID, state(), World(get=[not_found()]).ports) is None


@pytest.mark.parametrize(
    "error", [lost(502), refused(status=400), failed(TokenRejectedError, status=401), lost()]
)
def test_any_other_error_of_a_refresh_is_an_error(error: CallError) -> None:
    """Forgetting a recording that runs is what users fear most."""
    with pytest.raises(type(error)):
        refresh_recording(ID, state(), World(get=[error]).ports)


def test_a_refresh_keeps_what_the_api_does_not_say() -> None:
    """The warning, whether the storage was applied, and each fact that an answer leaves out."""
    told = {"warning": "watch out", "storage_applied": "no", "session_id": "s"}
    before = {**state(), **told, "invoked_time": at(0)}
    seen = refresh_recording(ID, before, World(get=[a_recording(invoked_time=None)]).ports)
    assert seen is not None
    assert {name: seen.facts[name] for name in (*told, "invoked_time")} == {
        **told,
        "invoked_time": at(0),
    }


# Delete.


@pytest.mark.parametrize("status", ["INVOKED", "RECORDING", "PAUSED", "SOMETHING_NEW"])
def test_deleting_a_live_recording_stops_it(status: str) -> None:
    """One call."""
    world = World(act=[None])
    delete_recording(ID, state(status), world.ports)
    assert world.api.calls == ["stop rec-1"]
    assert world.registry.recordings.is_stopped(ID)


@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
def test_deleting_an_ended_recording_costs_nothing(status: str) -> None:
    """There is nothing to stop."""
    world = World()
    delete_recording(ID, state(status), world.ports)
    assert world.api.calls == []


@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
def test_a_deleted_recording_is_not_taken_over_again(status: str) -> None:
    """Its replacement would adopt it, as long as ``adopt_recording_id`` names it."""
    world = World()
    delete_recording(ID, state(status), world.ports)
    assert world.registry.recordings.is_stopped(ID)


def test_a_recording_that_is_left_running_may_be_taken_over() -> None:
    """It was not stopped, and another resource may name it."""
    world = World()
    delete_recording(ID, state(on_delete="leave"), world.ports)
    assert not world.registry.recordings.is_stopped(ID)


@pytest.mark.parametrize("status", ["NOT_STARTED", "NO_SESSION"])
def test_deleting_what_was_never_started_costs_nothing(status: str) -> None:
    """A placeholder has no recording."""
    world = World()
    delete_recording(PLACEHOLDER, state(status), world.ports)
    assert world.api.calls == []


@pytest.mark.parametrize("answer", [not_found(), a_recording(status="UPLOADED")])
def test_deleting_what_is_gone_already_is_success(answer: Any) -> None:
    """The API refuses the stop, and a question clears up why."""
    world = World(act=[refused("already stopped")], get=[answer])
    delete_recording(ID, state(), world.ports)
    assert world.api.calls == ["stop rec-1", "get rec-1"]


@pytest.mark.parametrize(
    ("error", "kind"), [(refused(), RequestRejectedError), (lost(), OutcomeUnknownError)]
)
def test_a_recording_that_cannot_be_stopped_stays_in_the_state(
    error: CallError, kind: type[CallError]
) -> None:
    """An error keeps the resource, so that nobody loses sight of it."""
    with pytest.raises(kind):
        delete_recording(ID, state(), World(act=[error], get=[a_recording()]).ports)


def test_on_delete_leave_leaves_it_running() -> None:
    """With a warning that names it, since the stack no longer knows it."""
    world = World()
    delete_recording(ID, state(on_delete="leave"), world.ports)
    assert world.api.calls == []
    assert ID in world.listener.warnings[0]


@pytest.mark.parametrize("on_delete", ["stop", "leave"])
@pytest.mark.parametrize("status", ["RECORDING", "UPLOADING"])
def test_a_recording_that_is_deleted_still_writes(on_delete: str, status: str) -> None:
    """So the gate of its storage has to know of it, and of its app: one that is left as well."""
    world = World(act=[None])
    delete_recording(
        ID, state(status, on_delete=on_delete, layers=layers_to(STORAGE["aws"])), world.ports
    )
    assert world.registry.recordings.find_writing_to({"bucket": STORAGE["aws"]["bucket"]}) == {ID}
    assert world.registry.recordings.find_writing_to({"bucket": "another"}) == set()
    assert world.registry.recordings.list_apps() == [(ACCOUNT, APP)]


def test_a_recording_whose_files_have_landed_writes_no_more() -> None:
    """No gate has to ask for it."""
    world = World()
    delete_recording(ID, state("UPLOADED", layers=layers_to(STORAGE["aws"])), world.ports)
    assert world.registry.recordings.list_apps() == []


def test_a_recording_that_a_change_stops_still_writes() -> None:
    """Its storage may be taken out of the stack in the same run."""
    world = World(act=[None])
    layers = layers_to(STORAGE["aws"])
    after = inputs(layers=layers, desired_state="STOPPED")
    update_recording(ID, state(layers=layers), after, world.ports)
    assert world.registry.recordings.find_writing_to({"bucket": STORAGE["aws"]["bucket"]}) == {ID}


def test_a_replacement_stops_it_all_the_same() -> None:
    """``leave`` is about deleting: a meeting has one active recording."""
    world = World(act=[None])
    world.registry.recordings.register_replaced(ID)
    delete_recording(ID, state(on_delete="leave"), world.ports)
    assert world.api.calls == ["stop rec-1"]


def test_a_recording_that_another_resource_took_over_goes_on() -> None:
    """A renamed resource: the new one took it over, the old one's delete must not stop it."""
    world = World()
    world.registry.recordings.register_owner(ID, FOREIGN_MARK)
    delete_recording(ID, state(), world.ports)
    assert world.api.calls == []
    assert "goes on" in world.listener.notices[0]


def test_a_recording_that_the_resource_itself_claimed_is_stopped() -> None:
    """Its own mark is no other resource's."""
    world = World(act=[None])
    world.registry.recordings.register_owner(ID, MARK)
    delete_recording(ID, state(), world.ports)
    assert world.api.calls == ["stop rec-1"]


def test_a_delete_waits_for_the_upload_where_that_was_asked_for() -> None:
    """Then the files have landed."""
    world = World(act=[None], get=[a_recording(status="UPLOADING"), a_recording(status="UPLOADED")])
    delete_recording(ID, state(wait_for_upload=30), world.ports)
    assert world.api.calls == ["stop rec-1", "get rec-1", "get rec-1"]
    assert world.listener.warnings == []


def test_an_upload_that_takes_longer_keeps_everything_in_place() -> None:
    """An error, so that what it writes to is not deleted under it; the next run goes on."""
    world = World(act=[None], get=[a_recording(status="UPLOADING")])
    with pytest.raises(WaitTimeoutError, match="30 s of wait_for_upload"):
        delete_recording(ID, state(wait_for_upload=30), world.ports)
    assert world.clock.now() - 1000 == pytest.approx(30)


def test_the_next_delete_goes_on_waiting_without_another_stop() -> None:
    """The state knows by then that it is uploading."""
    world = World(get=[a_recording(status="UPLOADED")])
    delete_recording(ID, state("UPLOADING", wait_for_upload=30), world.ports)
    assert world.api.calls == ["get rec-1"]


def test_an_upload_that_failed_is_a_warning() -> None:
    """Nothing more can be saved by waiting."""
    world = World(act=[None], get=[a_recording(status="ERRORED")])
    delete_recording(ID, state(wait_for_upload=30), world.ports)
    assert "ERRORED" in world.listener.warnings[0]
