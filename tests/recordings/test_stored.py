"""A recording as the state keeps it is read, whoever wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.status import Phase
from realtimekit_provider.engine.deployment import Deployment
from realtimekit_provider.engine.property_codec import encode
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.errors import SettingsError
from realtimekit_provider.recordings.controller import RecordingController
from realtimekit_provider.recordings.delete import delete_recording
from realtimekit_provider.recordings.inputs import DeclaredInputs, RecordingInputs
from realtimekit_provider.recordings.outputs import RecordingOutputs
from realtimekit_provider.recordings.stored import StoredInputs, StoredRecording
from tests.example_values import (
    ACCOUNT,
    APP,
    CANARY,
    MARK,
    MEETING,
    STORAGE,
    build_inputs,
    build_layers,
    build_state,
    build_stored,
    plan_change,
)
from tests.fakes import FakePorts

ID = "rec-1"
APP_IDS = {"account_id", "app_id"}
STATE = {**build_state(layers=build_layers(STORAGE["aws"]), on_delete="stop"), "session_id": "s"}


def test_a_state_is_read_as_it_was_written() -> None:
    """Its outputs come back as they are, its inputs with the ids of the recording."""
    stored = StoredRecording.from_props(ID, STATE)
    assert {**STATE, **stored.outputs.to_props()} == STATE
    inputs = stored.inputs
    assert (inputs.account_id, inputs.app_id, inputs.meeting_id) == (ACCOUNT, APP, MEETING)
    assert inputs.mark == MARK
    assert [target["bucket"] for target in inputs.targets] == [STORAGE["aws"]["bucket"]]


@pytest.mark.parametrize("name", sorted(STATE.keys() - APP_IDS))
def test_a_state_may_lack_any_key_except_the_ids_of_the_app(name: str) -> None:
    """A recording that could not be read could not be stopped."""
    partial = {key: value for key, value in STATE.items() if key != name}
    for state in (partial, {**partial, name: None}):
        stored = StoredRecording.from_props(ID, state)
        fake = FakePorts(send_action=[None])
        delete_recording(stored, fake.ports)
        assert fake.recordings.calls == [f"stop {ID}"]
        assert plan_change(state, build_inputs(layers=STATE["layers"])).refusal is None


@pytest.mark.parametrize("name", sorted(APP_IDS))
def test_a_recording_of_an_unknown_app_is_not_taken_for_stopped(name: str) -> None:
    """Asked about in another app it would be gone, and so be forgotten while it runs."""
    fake = FakePorts()
    stored = StoredRecording.from_props(ID, {**STATE, name: None})
    with pytest.raises(SettingsError, match=f"has no {name}, so"):
        delete_recording(stored, fake.ports)
    assert fake.recordings.calls == []


@pytest.mark.parametrize("name", sorted(APP_IDS))
def test_a_refresh_does_not_forget_a_recording_of_an_unknown_app(name: str) -> None:
    """No call is made: a 404 of another app would mean nothing."""
    controller = RecordingController()
    controller._deployment = Deployment(read_settings({"cloudflare:apiToken": "t"}, {}))
    with pytest.raises(SettingsError, match=f"has no {name}, so"):
        controller.read(ID, encode({**STATE, name: None}))


def test_a_state_may_be_empty() -> None:
    """Policies have their defaults, and the recording counts as one that runs."""
    stored = StoredRecording.from_props(ID, {})
    assert stored.outputs == RecordingOutputs()
    assert stored.phase is Phase.RECORDING
    defaults = RecordingInputs.model_fields
    for name in ("desired_state", "on_delete", "wait_for_upload"):
        assert getattr(stored.inputs, name) == defaults[name].default


@pytest.mark.parametrize("where", ["inputs", "a layer"])
def test_a_state_may_hold_a_key_that_is_not_known(where: str) -> None:
    """It is not one of ours any more, or not yet; a plan says so only where files are concerned."""
    unknown: dict[str, Any] = {"of_another_version": 1}
    layers = {"default": {**build_layers(STORAGE["aws"])["default"], **unknown}}
    state = {**STATE, **unknown} if where == "inputs" else {**STATE, "layers": layers}
    stored = StoredRecording.from_props(ID, state)
    assert stored.outputs == StoredRecording.from_props(ID, STATE).outputs
    assert stored.inputs.targets == StoredRecording.from_props(ID, STATE).inputs.targets


@pytest.mark.parametrize(
    "value",
    [
        StoredInputs.from_props(STATE),
        build_stored(layers=build_layers(STORAGE["sftp"])),
        DeclaredInputs.from_props(build_inputs(layers=build_layers(STORAGE["aws"]))),
        RecordingInputs.model_validate(build_inputs(layers=build_layers(STORAGE["gcs"]))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_recording_is_printed_without_its_credentials(value: object) -> None:
    """Whatever a log or a traceback shows of it."""
    assert CANARY not in repr(value)
    assert CANARY not in str(value)
