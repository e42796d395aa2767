"""Starting a recording: what it costs, and what the state keeps of it."""

from __future__ import annotations

import pytest

from realtimekit_provider.errors import (
    EngineGoneError,
)
from realtimekit_provider.recordings.create import (
    create_recording,
)
from realtimekit_provider.recordings.stored import is_placeholder
from tests.example_values import (
    CANARY,
    FOREIGN_MARK,
    MARK,
    STORAGE,
    build_layers,
    build_recording,
    build_recording_inputs,
)
from tests.fakes import (
    FakePorts,
    format_time,
    make_lost_response,
    make_rejection,
)
from tests.recordings.start_setup import NEW, fail_to_start, start

# The usual start.


def test_a_start_costs_two_calls() -> None:
    """The question whether the meeting is recorded already, and the POST."""
    fake = FakePorts(start=[NEW])
    assert start(fake).recording_id == "new"
    assert fake.recordings.calls == ["get_active", "start"]
    assert fake.reporter.text == ""


def test_the_request_is_what_was_declared() -> None:
    """The request holds the layers as completed, and nothing of ours."""
    fake = FakePorts(start=[NEW])
    asked = build_recording_inputs(layers=build_layers(STORAGE["aws"]), max_seconds=60)
    create_recording(asked, fake.ports)
    [sent] = fake.recordings.requests
    assert sent == asked.request
    assert set(sent.model_dump()) == {"meeting_id", "layers", "max_seconds", "user_ids"}


def test_the_outputs_are_complete_and_hold_no_credential() -> None:
    """What state keeps of the answer."""
    answer = build_recording(
        "new", "INVOKED", invoked_time=format_time(0), storage_config=STORAGE["aws"]
    )
    outputs = start(FakePorts(start=[answer]), layers=build_layers(STORAGE["aws"])).outputs
    assert outputs.status == "INVOKED"
    assert outputs.invoked_time == format_time(0)
    assert outputs.storage_applied == "yes"
    assert outputs.warning == ""
    assert CANARY not in repr(outputs)


def test_a_recording_that_is_to_be_paused_is_paused_once_it_runs() -> None:
    """It has to leave INVOKED first."""
    running = build_recording("new", "RECORDING")
    fake = FakePorts(
        start=[NEW], get=[NEW, NEW, running], send_action=[build_recording("new", "PAUSED")]
    )
    assert start(fake, desired_state="PAUSED").outputs.status == "PAUSED"
    assert fake.recordings.calls == ["get_active", "start", *["get new"] * 3, "pause new"]


def test_stopped_from_the_beginning_starts_nothing() -> None:
    """No call, a notice, and a placeholder for an id."""
    fake = FakePorts()
    result = start(fake, desired_state="STOPPED")
    assert is_placeholder(result.recording_id)
    assert result.outputs.status == "NOT_STARTED"
    assert fake.recordings.calls == []
    assert "nothing is started" in fake.reporter.notices[0]


# The engine is gone.


def test_a_deployment_that_is_gone_starts_no_recording() -> None:
    """A killed engine leaves the provider's process behind: it must not start anything."""
    fake = FakePorts(engine_alive=[False])
    fail_to_start(fake, EngineGoneError)
    assert fake.recordings.count("start") == 0


def test_a_lost_response_is_not_followed_by_a_post_once_the_deployment_is_gone() -> None:
    """Not the second time either."""
    fake = FakePorts(start=[make_lost_response()], engine_alive=[True, False])
    fail_to_start(fake, EngineGoneError)
    assert fake.recordings.count("start") == 1


def test_nobody_waits_for_a_session_for_a_deployment_that_is_gone() -> None:
    """The wait ends as soon as nobody waits for its end."""
    fake = FakePorts(
        start=[make_rejection()], has_session=[False], engine_alive=[True, True, True, False]
    )
    fail_to_start(fake, EngineGoneError, on_no_session="wait")
    assert fake.recordings.count("start") == 1


# After a POST that succeeded nothing raises.


def test_a_pause_that_fails_after_the_start_is_a_warning() -> None:
    """The recording runs, and is in the state: an error would orphan it."""
    running = build_recording("new")
    fake = FakePorts(start=[running], send_action=[make_rejection()], get=[running])
    result = start(fake, desired_state="PAUSED")
    assert result.recording_id == "new"
    assert "is not PAUSED" in result.outputs.warning
    assert result.outputs.warning in fake.reporter.warnings


def test_a_recording_that_does_not_begin_in_time_is_a_warning() -> None:
    """It stays INVOKED for longer than a pause may wait."""
    fake = FakePorts(start=[NEW], get=[NEW])
    assert "still INVOKED" in start(fake, desired_state="PAUSED").outputs.warning


def test_storage_that_was_not_applied_is_a_warning() -> None:
    """Files in Cloudflare's bucket are deleted after seven days."""
    answer = build_recording("new", storage_config={"type": "aws", "bucket": "another"})
    fake = FakePorts(start=[answer])
    outputs = start(fake, layers=build_layers(STORAGE["aws"])).outputs
    assert outputs.storage_applied == "no"
    assert "seven days" in outputs.warning
    assert fake.reporter.warnings == [outputs.warning]


def test_a_started_recording_is_claimed_for_its_resource() -> None:
    """Another resource of the run that is deleted later leaves it running."""
    fake = FakePorts(start=[NEW])
    start(fake)
    assert fake.registry.recordings.is_owned_by_another("new", FOREIGN_MARK)
    assert not fake.registry.recordings.is_owned_by_another("new", MARK)


# Waiting until it really records.


def test_a_start_does_not_wait_until_it_records_by_default() -> None:
    """It is done when the API has accepted it."""
    fake = FakePorts(start=[NEW])
    assert start(fake).outputs.status == "INVOKED"
    assert fake.recordings.calls == ["get_active", "start"]


def test_a_start_waits_until_it_records_where_that_is_declared() -> None:
    """The row says so, and the state has what the API says then."""
    fake = FakePorts(start=[NEW], get=[NEW, NEW, build_recording("new", "RECORDING")])
    result = start(fake, wait_for_recording=30)
    assert (result.outputs.status, result.outputs.warning) == ("RECORDING", "")
    assert fake.reporter.waits[0] == "0/30 s: recording new is INVOKED, and does not record yet"


def test_a_start_that_does_not_record_in_time_is_a_warning() -> None:
    """The recording exists, so the state must know it."""
    fake = FakePorts(start=[NEW], get=[NEW])
    result = start(fake, wait_for_recording=30)
    assert result.recording_id == "new"
    assert "still INVOKED after the 30 s of wait_for_recording" in result.outputs.warning
    assert fake.reporter.warnings == [result.outputs.warning]
    assert fake.clock.now() - 1000 == pytest.approx(30)


@pytest.mark.parametrize("status", ["ERRORED", "UPLOADING"])
def test_a_start_that_ends_while_it_is_waited_for_is_a_warning(status: str) -> None:
    """It does not record, which is what was waited for."""
    fake = FakePorts(start=[NEW], get=[build_recording("new", status)])
    result = start(fake, wait_for_recording=30)
    assert result.outputs.warning == f"recording new was started, and ended ({status})"
    assert fake.reporter.warnings == [result.outputs.warning]
