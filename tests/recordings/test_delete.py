"""Stopping a recording that is no longer declared."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.errors import (
    CallError,
    OutcomeUnknownError,
    RequestRejectedError,
    UploadFailedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.delete import delete_recording
from realtimekit_provider.recordings.plan import Plan, Step
from realtimekit_provider.recordings.update import update_recording
from tests.example_values import (
    ACCOUNT,
    APP,
    FOREIGN_MARK,
    MARK,
    MEETING,
    STORAGE,
    URN,
    build_layers,
    build_recording,
    build_recording_inputs,
    build_stored,
)
from tests.fakes import (
    FakePorts,
    make_lost_response,
    make_not_found,
    make_rejection,
)

ID = "rec-1"
PLACEHOLDER = f"nothing-started-{MARK}"


@pytest.mark.parametrize("status", ["INVOKED", "RECORDING", "PAUSED", "SOMETHING_NEW"])
def test_deleting_a_live_recording_stops_it(status: str) -> None:
    """One call."""
    fake = FakePorts(send_action=[None])
    delete_recording(build_stored(status), fake.ports)
    assert fake.recordings.calls == ["stop rec-1"]
    assert fake.registry.recordings.is_stopped(ID)


@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
def test_deleting_an_ended_recording_costs_nothing(status: str) -> None:
    """There is nothing to stop."""
    fake = FakePorts()
    delete_recording(build_stored(status), fake.ports)
    assert fake.recordings.calls == []


@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
def test_a_deleted_recording_is_not_taken_over_again(status: str) -> None:
    """Its replacement would adopt it, as long as ``adopt_recording_id`` names it."""
    fake = FakePorts()
    delete_recording(build_stored(status), fake.ports)
    assert fake.registry.recordings.is_stopped(ID)


def test_a_recording_that_is_left_running_may_be_taken_over() -> None:
    """It was not stopped, and another resource may name it."""
    fake = FakePorts()
    delete_recording(build_stored(on_delete="leave"), fake.ports)
    assert not fake.registry.recordings.is_stopped(ID)


@pytest.mark.parametrize("status", ["NOT_STARTED", "NO_SESSION"])
def test_deleting_what_was_never_started_costs_nothing(status: str) -> None:
    """A placeholder has no recording."""
    fake = FakePorts()
    delete_recording(build_stored(status, PLACEHOLDER), fake.ports)
    assert fake.recordings.calls == []


@pytest.mark.parametrize("answer", [make_not_found(), build_recording(status="UPLOADED")])
def test_deleting_what_is_gone_already_is_success(answer: Any) -> None:
    """The API refuses the stop, and a question clears up why."""
    fake = FakePorts(send_action=[make_rejection("already stopped")], get=[answer])
    delete_recording(build_stored(), fake.ports)
    assert fake.recordings.calls == ["stop rec-1", "get rec-1"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [(make_rejection(), RequestRejectedError), (make_lost_response(), OutcomeUnknownError)],
)
def test_a_recording_that_cannot_be_stopped_stays_in_the_state(
    error: CallError, kind: type[CallError]
) -> None:
    """An error keeps the resource, so that nobody loses sight of it."""
    with pytest.raises(kind):
        delete_recording(
            build_stored(), FakePorts(send_action=[error], get=[build_recording()]).ports
        )


def test_on_delete_leave_leaves_it_running() -> None:
    """With a warning that names it, since the stack no longer knows it."""
    fake = FakePorts()
    delete_recording(build_stored(on_delete="leave"), fake.ports)
    assert fake.recordings.calls == []
    assert ID in fake.reporter.warnings[0]


@pytest.mark.parametrize("on_delete", ["stop", "leave"])
@pytest.mark.parametrize("status", ["RECORDING", "UPLOADING"])
def test_a_recording_that_is_deleted_still_writes(on_delete: str, status: str) -> None:
    """So the gate of its storage has to know of it, and of its app: one that is left as well."""
    fake = FakePorts(send_action=[None])
    delete_recording(
        build_stored(status, on_delete=on_delete, layers=build_layers(STORAGE["aws"])),
        fake.ports,
    )
    assert fake.registry.recordings.find_writing_to({"bucket": STORAGE["aws"]["bucket"]}) == {ID}
    assert fake.registry.recordings.find_writing_to({"bucket": "another"}) == set()
    assert fake.registry.recordings.list_apps() == [(ACCOUNT, APP)]


def test_a_recording_whose_files_are_uploaded_has_no_targets() -> None:
    """No gate has to ask for it."""
    fake = FakePorts()
    delete_recording(build_stored("UPLOADED", layers=build_layers(STORAGE["aws"])), fake.ports)
    assert fake.registry.recordings.list_apps() == []


def test_a_recording_that_a_change_stops_still_writes() -> None:
    """Its storage may be taken out of the stack in the same run."""
    fake = FakePorts(send_action=[None])
    layers = build_layers(STORAGE["aws"])
    after = build_recording_inputs(layers=layers, desired_state="STOPPED")
    update_recording(Plan(Step.STOP), build_stored(layers=layers), after, fake.ports)
    assert fake.registry.recordings.find_writing_to({"bucket": STORAGE["aws"]["bucket"]}) == {ID}


def test_a_replacement_stops_it_in_spite_of_leave() -> None:
    """``leave`` is about deleting: a meeting has one active recording."""
    fake = FakePorts(send_action=[None])
    fake.registry.recordings.register_replaced(ID)
    delete_recording(build_stored(on_delete="leave"), fake.ports)
    assert fake.recordings.calls == ["stop rec-1"]


def test_a_recording_that_another_resource_took_over_is_not_stopped() -> None:
    """A renamed resource: the new one took it over, the old one's delete must not stop it."""
    fake = FakePorts()
    fake.registry.recordings.register_owner(ID, FOREIGN_MARK)
    delete_recording(build_stored(), fake.ports)
    assert fake.recordings.calls == []
    assert "keeps running" in fake.reporter.notices[0]


def test_a_recording_that_the_resource_itself_claimed_is_stopped() -> None:
    """Its own mark is no other resource's."""
    fake = FakePorts(send_action=[None])
    fake.registry.recordings.register_owner(ID, MARK)
    delete_recording(build_stored(), fake.ports)
    assert fake.recordings.calls == ["stop rec-1"]


def test_a_delete_waits_for_the_upload_where_that_was_asked_for() -> None:
    """Then the files are uploaded."""
    fake = FakePorts(
        send_action=[None],
        get=[build_recording(status="UPLOADING"), build_recording(status="UPLOADED")],
    )
    delete_recording(build_stored(wait_for_upload=30), fake.ports)
    assert fake.recordings.calls == ["stop rec-1", "get rec-1", "get rec-1"]
    assert fake.reporter.warnings == []


def test_an_upload_that_takes_longer_keeps_everything() -> None:
    """An error, so that its storage is not deleted under it; the next deployment continues."""
    fake = FakePorts(send_action=[None], get=[build_recording(status="UPLOADING")])
    with pytest.raises(WaitTimeoutError, match="30 s of wait_for_upload"):
        delete_recording(build_stored(wait_for_upload=30), fake.ports)
    assert fake.clock.now() - 1000 == pytest.approx(30)


def test_the_next_delete_continues_to_wait_without_another_stop() -> None:
    """The state knows by then that it is uploading."""
    fake = FakePorts(get=[build_recording(status="UPLOADED")])
    delete_recording(build_stored("UPLOADING", wait_for_upload=30), fake.ports)
    assert fake.recordings.calls == ["get rec-1"]


def test_a_delete_that_waits_for_files_fails_where_they_were_lost() -> None:
    """Until a refresh has stored that; then it is deleted without a call."""
    fake = FakePorts(send_action=[None], get=[build_recording(status="ERRORED")])
    with pytest.raises(UploadFailedError, match=r"rec-1 ended ERRORED.*'pulumi refresh'"):
        delete_recording(build_stored(wait_for_upload=30), fake.ports)
    delete_recording(build_stored("ERRORED", wait_for_upload=30), fake.ports)
    assert fake.recordings.calls == ["stop rec-1", "get rec-1"]


def test_lost_files_do_not_keep_the_next_recording_from_its_start() -> None:
    """It would be lost as well: a replacement warns, and goes on."""
    fake = FakePorts(send_action=[None], get=[build_recording(status="ERRORED")])
    fake.registry.recordings.register_declared(URN, MeetingKey(ACCOUNT, APP, MEETING))
    delete_recording(build_stored(wait_for_upload=30), fake.ports)
    assert "rec-1 ended ERRORED" in fake.reporter.warnings[0]


@pytest.mark.parametrize("answer", [make_not_found(), build_recording(status="ERRORED")])
def test_a_stop_that_finds_files_lost_warns_of_it(answer: Any) -> None:
    """A recording that is gone may have lost them."""
    fake = FakePorts(send_action=[make_rejection("already stopped")], get=[answer])
    delete_recording(build_stored(), fake.ports)
    assert len(fake.reporter.warnings) == 1
