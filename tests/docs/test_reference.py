"""The tables of the reference agree with the code: nothing is missing or invented."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, get_args

import pytest
import yaml

from realtimekit_provider import TrackRecording, errors
from realtimekit_provider.api.models import status as statuses
from realtimekit_provider.api.models.recording import UNKNOWN_STATUS
from realtimekit_provider.api.models.status import Phase, get_phase
from realtimekit_provider.api.models.track_request import Layer, Output
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.recordings.inputs import RecordingInputs, validate_inputs
from realtimekit_provider.recordings.plan import STEPS, Plan
from realtimekit_provider.recordings.plan import Step as Planned
from tests.docs.pages import ROOT, extract_code, read_prose, read_table
from tests.docs.source import is_message
from tests.example_values import plan_change

PAGE = "docs/track-recording.md"
_ARGUMENTS = {row["argument"].strip("`"): row for row in read_table(PAGE, "argument")}
_PULUMI_ARGUMENTS = {"resource_name", "opts"}
_INTERNAL_INPUTS = {"resource_urn", "mark"}
_VALID: dict[str, Any] = {
    "meeting_id": "1f4a2c9e",
    "layers": {"default": {}},
    "account_id": "023e105f" * 4,
    "app_id": "2f1b5e7c",
    "resource_urn": "urn:pulumi:prod::realtimekit::t::standup",
    "mark": "rk0123456789",
}
_CHANGED_VALUES: dict[str, Any] = {
    "meeting_id": "4d9e1f70",
    "layers": {"default": {"file_name_prefix": "other"}},
    "max_seconds": 600,
    "desired_state": "PAUSED",
    "account_id": "e" * 32,
    "app_id": "another",
    "on_no_session": "skip",
    "session_timeout": 5,
    "on_ended": "restart",
    "on_conflict": "adopt",
    "on_delete": "leave",
    "replace_live": "refuse",
    "wait_for_recording": 5,
    "wait_for_upload": 5,
    "user_ids": ["somebody"],
}


def test_the_arguments_are_those_of_the_class_in_their_order() -> None:
    """The table and the signature have the same names."""
    signature = inspect.signature(TrackRecording.__init__).parameters
    assert list(_ARGUMENTS) == [name for name in signature if name != "self"]
    assert (
        set(_ARGUMENTS) - _PULUMI_ARGUMENTS == set(RecordingInputs.model_fields) - _INTERNAL_INPUTS
    )


@pytest.mark.parametrize("name", [name for name in _ARGUMENTS if name not in _PULUMI_ARGUMENTS])
def test_the_default_is_that_of_the_model(name: str) -> None:
    """A default that stands as code is the model's; where none does, the model has none."""
    written = extract_code(_ARGUMENTS[name]["default"])
    fields = RecordingInputs.model_fields[name]
    default = fields.get_default()
    if fields.is_required() or default is None:
        assert written == []
    else:
        assert [yaml.safe_load(text) for text in written] == [default]


@pytest.mark.parametrize("name", [name for name in _ARGUMENTS if name not in _PULUMI_ARGUMENTS])
def test_allowed_values_are_all_named(name: str) -> None:
    """An argument that takes one of several words names them all."""
    words = get_args(RecordingInputs.model_fields[name].annotation)
    choices = [word for word in words if isinstance(word, str)]
    assert set(choices) <= set(extract_code(_ARGUMENTS[name]["meaning and allowed values"]))


@pytest.mark.parametrize("name", sorted(_CHANGED_VALUES))
def test_a_change_does_what_the_table_says(name: str) -> None:
    """The plan of a changed argument is the one that the table promises."""
    before = {**_VALID, "desired_state": "RECORDING", "status": "RECORDING"}
    planned = plan_change(before, {**before, name: _CHANGED_VALUES[name]})
    written = _ARGUMENTS[name]["change"]
    assert written == _describe_plan(planned)


def _describe_plan(planned: Plan) -> str:
    if planned.replaces:
        return "replaces"
    if planned.step is not Planned.NOTHING:
        return "acts"
    return "noted" if planned.updates else "nothing"


def test_adopting_the_recording_that_one_has_is_no_change() -> None:
    """`adopt_recording_id` can be set and taken out; only another id replaces."""
    assert _ARGUMENTS["adopt_recording_id"]["change"] == "nothing"
    state = {**_VALID, "desired_state": "RECORDING", "status": "RECORDING"}
    adopting, other = ({**state, "adopt_recording_id": one} for one in ("rec-1", "other"))
    assert _describe_plan(plan_change(state, adopting)) == "nothing"
    assert _describe_plan(plan_change(adopting, state)) == "nothing"
    assert _describe_plan(plan_change(state, other)) == "replaces"


def test_layers_have_the_fields_of_the_model() -> None:
    """The table of layers names every field of a layer and of an output."""
    written = {row["field"].strip("`") for row in read_table(PAGE, "field")}
    of_outputs = {f"outputs[].{name}" for name in Output.model_fields}
    assert written == set(Layer.model_fields) | of_outputs


def test_outputs_are_those_of_the_state() -> None:
    """The table of outputs is what state keeps, and what the class declares."""
    written = [row["output"].strip("`") for row in read_table(PAGE, "output")]
    assert written == ["id", *COMPUTED_OUTPUTS]
    assert set(COMPUTED_OUTPUTS) <= set(TrackRecording.__annotations__)


def test_statuses_count_as_the_table_says() -> None:
    """Each status is of the phase that the table gives, ours are all there."""
    rows = read_table(PAGE, "status")
    named = {"INVOKED": Phase.INVOKED, "RECORDING": Phase.RECORDING, "PAUSED": Phase.PAUSED}
    named |= {"ended": Phase.ENDED, "nothing started": Phase.NONE}
    for row in rows:
        status = row["status"].strip("`")
        assert get_phase(status) is named[row["counts as"]], status
        assert ("Final" in row["meaning"]) == (status in statuses.FINAL_STATUSES), status
    ours = {row["status"].strip("`") for row in rows if row["whose"] == "ours"}
    ours_in_code = {statuses.NOT_STARTED, statuses.NO_SESSION, statuses.GONE, UNKNOWN_STATUS}
    assert ours == ours_in_code


_STEP_TEXTS = {
    Planned.NOTHING: "nothing",
    Planned.START: "start",
    Planned.START_THEN_PAUSE: "start, then pause",
    Planned.PAUSE: "pause",
    Planned.WAIT_THEN_PAUSE: "wait until it records, then pause",
    Planned.RESUME: "resume",
    Planned.STOP: "stop",
    Planned.APPLY_ON_ENDED: "as `on_ended` says",
}


def test_the_table_of_desired_state_and_status_is_the_plan() -> None:
    """Cell by cell."""
    rows = read_table(PAGE, "desired state")
    written = {row["desired state"]: list(row.values())[1:] for row in rows}
    assert written == {
        desired: [_STEP_TEXTS[step] for step in steps.values()] for desired, steps in STEPS.items()
    }


def test_policies_name_every_value() -> None:
    """Each choice of each policy has a row that says when to use it."""
    written: dict[str, list[str]] = {}
    policy = ""
    for row in read_table(PAGE, "policy"):
        policy = row["policy"].strip("`") or policy
        written.setdefault(policy, []).append(row["value"].strip("`"))
    assert written == {
        name: list(choices)
        for name in POLICIES
        if (choices := get_args(RecordingInputs.model_fields[name].annotation))
    }


@pytest.mark.parametrize("row", read_table(PAGE, "input"), ids=lambda row: row["text"][:50])
def test_a_check_failure_has_the_text_of_the_table(row: Mapping[str, str]) -> None:
    """The value is refused, in these words."""
    name = row["input"].strip("`")
    inputs = {key: value for key, value in _VALID.items() if key != name}
    for value in extract_code(row["refused value"]):
        inputs[name] = yaml.safe_load(value)
    (failure,) = validate_inputs(inputs)
    assert failure.path.startswith(name)
    assert failure.reason == row["text"]


def test_errors_are_all_in_the_table() -> None:
    """Every class of error that can reach a user has a row, and no other is named.

    Those of storage have a table of their own, on the page about storage.
    """
    abstract = {"RealtimeKitError", "CallError", "CallInfo", "RecordingError"}
    of_storage = {
        name for name in errors.__all__ if issubclass(getattr(errors, name), errors.StorageError)
    }
    named = {code for row in read_table(PAGE, "error") for code in extract_code(row["error"])}
    assert named == set(errors.__all__) - abstract - of_storage


@pytest.mark.parametrize(
    "text",
    [row["the sentence begins or contains"] for row in read_table(PAGE, "error")],
    ids=lambda text: text[:50],
)
def test_an_error_has_the_text_of_the_table(text: str) -> None:
    """The text is one that the code can say."""
    assert is_message(text)


def test_quoted_sentences_are_messages_of_the_code() -> None:
    """A quoted sentence is one of the code's."""
    lines = read_prose(ROOT / PAGE).splitlines()
    quoted = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert quoted
    assert all(map(is_message, quoted))
