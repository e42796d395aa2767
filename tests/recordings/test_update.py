"""Pausing, resuming and stopping a recording that the state knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import RecordingEndedError, UploadFailedError
from realtimekit_provider.recordings.explain import LOST_KEY
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.outputs import RecordingOutputs
from realtimekit_provider.recordings.plan import Plan, Step
from realtimekit_provider.recordings.stored import StoredRecording
from realtimekit_provider.recordings.update import update_recording
from tests.example_values import (
    CANARY,
    MARK,
    STORAGE,
    URN,
    build_inputs,
    build_layers,
    build_recording,
    build_recording_inputs,
    build_state,
    build_stored,
    plan_change,
)
from tests.fakes import (
    FakePorts,
    format_time,
    make_not_found,
    make_rejection,
)

ID = "rec-1"
PLACEHOLDER = f"nothing-started-{MARK}"


def update(
    before: Mapping[str, Any], after: Mapping[str, Any], ports: Ports, recording_id: str = ID
) -> RecordingOutputs:
    """Carry out the plan that leads from a state to inputs."""
    return update_recording(
        plan_change(before, after, recording_id),
        StoredRecording.from_props(recording_id, before),
        RecordingInputs.model_validate(after),
        ports,
    )


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
    """The new outputs are those of the answer; what it leaves out stays."""
    fake = FakePorts(send_action=[build_recording(status=then, started_time=format_time(-60))])
    old = {**build_state(before), "session_id": "ses-1", "storage_applied": "yes"}
    outputs = update(old, build_inputs(desired_state=desired), fake.ports)
    assert fake.recordings.calls == [call]
    assert outputs.status == then
    assert (outputs.session_id, outputs.storage_applied) == ("ses-1", "yes")
    assert outputs.started_time == format_time(-60)


@pytest.mark.parametrize("policy", ["on_delete", "on_ended", "wait_for_upload"])
def test_a_change_of_a_policy_costs_nothing(policy: str) -> None:
    """It is stored, and the outputs stay, a warning among them."""
    fake = FakePorts()
    value = {"on_delete": "leave", "on_ended": "fail", "wait_for_upload": 5}[policy]
    old = {**build_state(), "warning": "old"}
    outputs = update(old, build_inputs(**{policy: value}), fake.ports)
    assert fake.recordings.calls == []
    assert outputs.status == "RECORDING"
    assert outputs.warning == "old"


@pytest.mark.parametrize(
    ("desired", "storage_applied", "warning"),
    [("PAUSED", "yes", ""), ("RECORDING", "yes", ""), ("PAUSED", "no", "old")],
)
def test_a_change_of_the_desired_state_ends_a_warning_that_it_makes_untrue(
    desired: str, storage_applied: str, warning: str
) -> None:
    """That it runs though it was to be paused; not that its storage was ignored."""
    fake = FakePorts(send_action=[build_recording(status="PAUSED")])
    other = "RECORDING" if desired == "PAUSED" else "PAUSED"
    old = {**build_state(desired_state=other), "warning": "old"}
    outputs = update(
        {**old, "storage_applied": storage_applied}, build_inputs(desired_state=desired), fake.ports
    )
    assert outputs.warning == warning


@pytest.mark.parametrize("status", ["RECORDING", "PAUSED"])
def test_rotated_credentials_do_not_touch_a_live_recording(status: str) -> None:
    """No call; the row says that the next recording uses them."""
    fake = FakePorts()
    desired = status
    old = build_state(status, layers=build_layers(STORAGE["aws"]), desired_state=desired)
    new = build_layers({**STORAGE["aws"], "secret": "CANARY-rotated"})
    update(old, build_inputs(layers=new, desired_state=desired), fake.ports)
    assert fake.recordings.calls == []
    [notice] = fake.reporter.notices
    assert "the next one uses the new ones" in notice
    assert CANARY not in fake.reporter.text


@pytest.mark.parametrize("kind", ["aws", "gcs", "azure"])
def test_a_live_recording_that_was_started_with_a_lost_key_says_what_to_do(kind: str) -> None:
    """Its files cannot be uploaded; another recording can save the rest of the meeting."""
    fake = FakePorts()
    old = build_layers(STORAGE[kind])
    key = "access_key" if kind == "azure" else "secret"
    fake.registry.storage.register_lost_key({key: STORAGE[kind][key]})
    plan = plan_change(build_state(layers=old), build_inputs(layers=old, on_delete="leave"))
    outputs = update_recording(
        plan,
        build_stored(layers=old),
        build_recording_inputs(layers=old, on_delete="leave"),
        fake.ports,
    )
    (warning,) = fake.reporter.warnings
    assert "its files cannot be uploaded" in warning
    assert f"pulumi up --replace '{URN}'" in warning
    assert outputs.warning == LOST_KEY
    assert len(LOST_KEY) < 300
    assert CANARY not in warning


def test_rotated_credentials_of_an_ended_recording_are_not_reported() -> None:
    """Nothing runs with the old ones."""
    fake = FakePorts()
    old = build_state("UPLOADED", layers=build_layers(STORAGE["aws"]))
    new = build_layers({**STORAGE["aws"], "secret": "rotated"})
    update(old, build_inputs(layers=new), fake.ports)
    assert fake.reporter.text == ""


def test_a_recording_that_was_never_started_is_not_acted_on() -> None:
    """A placeholder has no recording behind it."""
    fake = FakePorts()
    old = build_state("NOT_STARTED", desired_state="STOPPED")
    outputs = update(
        old,
        build_inputs(desired_state="STOPPED", on_delete="leave"),
        fake.ports,
        PLACEHOLDER,
    )
    assert fake.recordings.calls == []
    assert outputs.status == "NOT_STARTED"


def test_a_stop_waits_for_the_upload_where_that_was_asked_for() -> None:
    """At most ``wait_for_upload`` seconds; then the files are uploaded."""
    fake = FakePorts(send_action=[None], get=[build_recording(status="UPLOADED")])
    after = build_inputs(desired_state="STOPPED", wait_for_upload=30)
    assert update(build_state(), after, fake.ports).status == "UPLOADED"


def test_an_upload_that_takes_longer_is_a_warning_of_an_update() -> None:
    """The recording is stopped: that much is true, and in the state."""
    fake = FakePorts(send_action=[None], get=[build_recording(status="UPLOADING")])
    after = build_inputs(desired_state="STOPPED", wait_for_upload=30)
    assert update(build_state(), after, fake.ports).status == "UPLOADING"
    assert "within the 30 s of wait_for_upload" in fake.reporter.warnings[0]


@pytest.mark.parametrize("status", ["RECORDING", "UPLOADING"])
def test_a_deployment_that_waits_for_files_fails_where_they_were_lost(status: str) -> None:
    """Also where the recording had ended before; the text says how to go on."""
    fake = FakePorts(send_action=[None], get=[build_recording(status="ERRORED")])
    after = build_inputs(desired_state="STOPPED", wait_for_upload=30)
    with pytest.raises(UploadFailedError, match=r"rec-1 ended ERRORED.*'pulumi refresh'"):
        update(build_state(status), after, fake.ports)


def test_a_deployment_that_waits_does_not_fail_for_files_that_are_known_to_be_lost() -> None:
    """A refresh has told it: the warning stays in the outputs."""
    fake = FakePorts()
    after = build_inputs(desired_state="STOPPED", wait_for_upload=30)
    outputs = update({**build_state("ERRORED"), "warning": "lost"}, after, fake.ports)
    assert (outputs.status, outputs.warning) == ("ERRORED", "lost")
    assert fake.recordings.calls == []


@pytest.mark.parametrize("desired", ["STOPPED", "PAUSED"])
def test_an_update_that_finds_files_lost_says_so_on_the_row_and_in_the_output(desired: str) -> None:
    """Whatever it was about to do."""
    fake = FakePorts(send_action=[make_rejection()], get=[build_recording(status="ERRORED")])
    outputs = update(build_state(), build_inputs(desired_state=desired), fake.ports)
    assert "its files were not uploaded" in outputs.warning
    assert outputs.warning in fake.reporter.warnings


def test_a_pause_of_a_recording_that_is_gone_stores_that() -> None:
    """The state says GONE, and ``on_ended`` decides at the next deployment."""
    fake = FakePorts(send_action=[make_not_found()], get=[make_not_found()])
    outputs = update(build_state(), build_inputs(desired_state="PAUSED"), fake.ports)
    assert outputs.status == "GONE"
    assert "no longer known" in fake.reporter.warnings[0]


def test_a_refused_plan_is_not_carried_out() -> None:
    """Also where nobody looked at its refusal before."""
    fake = FakePorts()
    after = build_inputs(on_ended="fail")
    with pytest.raises(RecordingEndedError):
        update(build_state("UPLOADED"), after, fake.ports)
    assert fake.recordings.calls == []


def test_the_step_of_the_plan_is_what_is_done() -> None:
    """And nothing else that the inputs may suggest: it is not decided a second time."""
    fake = FakePorts(send_action=[build_recording(status="PAUSED")])
    before = build_stored("RECORDING")
    after = build_recording_inputs(desired_state="RECORDING")
    update_recording(Plan(Step.PAUSE), before, after, fake.ports)
    assert fake.recordings.calls == ["pause rec-1"]
