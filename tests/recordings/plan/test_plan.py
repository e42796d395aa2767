"""The plan of a deployment: the whole table, and the effect of every input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from realtimekit_provider.api.models.status import (
    DesiredState,
    Phase,
    apply_drift,
    get_phase,
)
from realtimekit_provider.api.models.track_request import (
    Layer,
    Output,
    TrackApi,
    TrackRequest,
    build_track_body,
)
from realtimekit_provider.errors import LiveReplacementError, RecordingEndedError
from realtimekit_provider.recordings.inputs import DeclaredInputs, RecordingInputs
from realtimekit_provider.recordings.plan import (
    EFFECTS,
    STEPS,
    Plan,
    Step,
    get_step,
    has_changed_credentials,
    is_waiting_for_session,
    keep_waiting,
    make_plan,
)
from realtimekit_provider.recordings.stored import StoredRecording
from realtimekit_provider.schema.input_diff import find_changed_paths
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.bad_inputs import MODELS
from tests.example_values import STORAGE, build_inputs, build_layers, build_state, plan_change

ID = "rec-1"
STATUSES = {
    "NOT_STARTED": Phase.NONE,
    "NO_SESSION": Phase.NONE,
    "INVOKED": Phase.INVOKED,
    "RECORDING": Phase.RECORDING,
    "PAUSED": Phase.PAUSED,
    "UPLOADING": Phase.ENDED,
    "UPLOADED": Phase.ENDED,
    "ERRORED": Phase.ENDED,
    "GONE": Phase.ENDED,
    "SOMETHING_NEW": Phase.RECORDING,
    "UNKNOWN": Phase.RECORDING,
}
ALL_STEPS = """
            NONE              INVOKED          RECORDING  PAUSED   ENDED
RECORDING   START             NOTHING          NOTHING    RESUME   APPLY_ON_ENDED
PAUSED      START_THEN_PAUSE  WAIT_THEN_PAUSE  PAUSE      NOTHING  APPLY_ON_ENDED
STOPPED     NOTHING           STOP             STOP       STOP     NOTHING
"""


def test_the_table_is_the_one_that_was_agreed_on() -> None:
    """Each desired state, in each phase, has the step that the design says."""
    phases, *rows = [line.split() for line in ALL_STEPS.strip().splitlines()]
    drawn = {row[0]: dict(zip(phases, row[1:], strict=True)) for row in rows}
    assert drawn == {
        desired: {phase.name: step.name for phase, step in row.items()}
        for desired, row in STEPS.items()
    }


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_phase(status: str) -> None:
    """A status that is not known counts as a recording that runs."""
    assert get_phase(status) is STATUSES[status]


def test_a_desired_state_that_is_unknown_asks_for_nothing_yet() -> None:
    """A preview does not guess."""
    assert get_step(None, "RECORDING") is Step.NOTHING
    assert plan_change(build_state("PAUSED"), build_inputs(desired_state=UNKNOWN)).step is (
        Step.NOTHING
    )


# The effect of each input when it changes: path → (another value, effect).
BASE: dict[str, Any] = {
    "max_seconds": 3600,
    "user_ids": ["u1"],
    "session_timeout": 10,
    "wait_for_recording": 10,
    "wait_for_upload": 10,
}
CHANGES: dict[str, tuple[Any, str]] = {
    "meeting_id": ("another", "replace"),
    "layers": ({"another": {}}, "replace"),
    "max_seconds": (7200, "replace"),
    "user_ids": (["u1", "u2"], "replace"),
    "account_id": ("another", "replace"),
    "app_id": ("another", "replace"),
    "desired_state": ("PAUSED", "update"),
    "on_no_session": ("skip", "update"),
    "session_timeout": (20, "update"),
    "on_ended": ("restart", "update"),
    "on_conflict": ("adopt", "update"),
    "on_delete": ("leave", "update"),
    "replace_live": ("refuse", "update"),
    "wait_for_recording": (20, "update"),
    "wait_for_upload": (20, "update"),
    "adopt_recording_id": ("another", "replace"),
    "resource_urn": ("urn:pulumi:prod::p::t::renamed", "nothing"),
    "mark": ("rk0000000000000000", "nothing"),
}
CHANGES_IN_A_LAYER: dict[str, tuple[Any, str]] = {
    "file_name_prefix": ("another", "replace"),
    "outputs": ([{"type": "REALTIMEKIT_BUCKET"}] * 2, "replace"),
    "media_kind": ("audio", "replace"),
}
CHANGES_IN_AN_OUTPUT: dict[str, tuple[Any, str]] = {
    **dict.fromkeys(Output.model_fields, ("another", "replace")),
    "type": ("REALTIMEKIT_BUCKET", "replace"),
    "storage_config": (None, "replace"),
}
CHANGES_IN_STORAGE: dict[str, tuple[Any, str]] = {
    **{name: ("another", "replace") for m in MODELS.values() for name in m.model_fields},
    "type": ("digitalocean", "replace"),
    "port": (2222, "replace"),
    "auth_method": ("PASSWORD", "update"),
    "access_key": ("another", "update"),
    "secret": ("another", "update"),
    "password": ("another", "update"),
    "private_key": ("another", "update"),
}


def test_every_input_has_an_effect_written_down() -> None:
    """A new field fails here until somebody decides what a change of it does.

    That of an output or of its storage says where files go, which makes another recording,
    unless it is one of those that are written down as a credential.
    """
    assert set(CHANGES) == set(EFFECTS) == set(RecordingInputs.model_fields)
    assert set(CHANGES_IN_A_LAYER) == set(Layer.model_fields)
    assert set(CHANGES_IN_AN_OUTPUT) == set(Output.model_fields)
    assert set(CHANGES_IN_STORAGE) == {name for m in MODELS.values() for name in m.model_fields}


def get_effect(planned: Plan) -> str:
    if planned.replaces:
        return "replace"
    return "update" if planned.updates else "nothing"


@pytest.mark.parametrize("name", CHANGES)
def test_the_effect_of_an_input(name: str) -> None:
    """A change of an input replaces the recording, updates its state, or does nothing."""
    value, effect = CHANGES[name]
    planned = plan_change(build_state(**BASE), {**build_inputs(**BASE), name: value})
    assert get_effect(planned) == effect


@pytest.mark.parametrize("name", CHANGES_IN_A_LAYER)
def test_the_effect_of_a_layers_field(name: str) -> None:
    """A layer cannot be changed while it is recorded."""
    value, effect = CHANGES_IN_A_LAYER[name]
    layer = {"file_name_prefix": "p", "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    before = build_state(layers={"default": layer})
    planned = plan_change(before, build_inputs(layers={"default": {**layer, name: value}}))
    assert get_effect(planned) == effect


@pytest.mark.parametrize("name", CHANGES_IN_AN_OUTPUT)
def test_the_effect_of_an_outputs_field(name: str) -> None:
    """Nor can the destination of its file."""
    value, effect = CHANGES_IN_AN_OUTPUT[name]
    changed = build_layers(STORAGE["aws"])
    changed["default"]["outputs"][0][name] = value
    before = build_state(layers=build_layers(STORAGE["aws"]))
    assert get_effect(plan_change(before, build_inputs(layers=changed))) == effect


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, config in STORAGE.items() for name in config]
)
def test_the_effect_of_a_storages_field(kind: str, name: str) -> None:
    """Another target is another recording; another credential is only stored."""
    value, effect = CHANGES_IN_STORAGE[name]
    before = build_state(layers=build_layers(STORAGE[kind]))
    value = "gcs" if STORAGE[kind][name] == value else value
    planned = plan_change(before, build_inputs(layers=build_layers({**STORAGE[kind], name: value})))
    assert get_effect(planned) == effect
    assert has_changed_credentials(planned.updates) is (effect == "update")


LAYER_CHANGES: dict[str, Mapping[str, Any]] = {
    "a layer more": {"default": {}, "video": {}},
    "a layer less": {},
    "another name": {"video": {}},
    "an output more": {
        "default": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}] * 2},
    },
}


@pytest.mark.parametrize("change", LAYER_CHANGES)
def test_other_layers_are_another_recording(change: str) -> None:
    """Names and numbers of layers and outputs are part of what is recorded."""
    assert (
        get_effect(plan_change(build_state(), build_inputs(layers=LAYER_CHANGES[change])))
        == "replace"
    )


@pytest.mark.parametrize("track_api", ["outputs", "managed"])
def test_a_default_written_out_is_no_change(track_api: TrackApi) -> None:
    """A live recording is not replaced for a body that would be the same."""
    left_out = {"default": {"file_name_prefix": "p"}}
    written_out = {"default": {**left_out["default"], "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}}
    bodies = [
        build_track_body(
            TrackRequest.model_validate({"meeting_id": "m", "layers": layers}), track_api
        )
        for layers in (left_out, written_out)
    ]
    assert bodies[0] == bodies[1]
    assert plan_change(build_state(layers=left_out), build_inputs(layers=written_out)) == Plan()
    assert plan_change(build_state(layers=written_out), build_inputs(layers=left_out)) == Plan()


def test_a_plan_names_the_paths() -> None:
    """Both lists are in the words of the user's inputs."""
    before = build_state(layers=build_layers(STORAGE["aws"]))
    storage = {**STORAGE["aws"], "bucket": "another", "secret": "another"}
    planned = plan_change(before, build_inputs(layers=build_layers(storage), on_ended="fail"))
    where = "layers.default.outputs[0].storage_config"
    assert planned.replaces == (f"{where}.bucket",)
    assert set(planned.updates) == {f"{where}.secret", "on_ended"}


ADOPTIONS = [
    (None, "another", "replace"),
    (None, ID, "nothing"),
    ("old", "another", "replace"),
    ("old", "old", "nothing"),
    ("old", None, "nothing"),
    ("old", ID, "nothing"),
    (None, UNKNOWN, "replace"),
]


@pytest.mark.parametrize(("before", "after", "effect"), ADOPTIONS)
def test_taking_over_a_recording_is_a_replacement_once(
    before: Any, after: Any, effect: str
) -> None:
    """Taking the setting out again, or naming the recording that is there, is no change."""
    planned = plan_change(
        build_state(adopt_recording_id=before), build_inputs(adopt_recording_id=after)
    )
    assert get_effect(planned) == effect


CASES = [
    ("RECORDING", "PAUSED", Step.RESUME),
    ("PAUSED", "RECORDING", Step.PAUSE),
    ("PAUSED", "INVOKED", Step.WAIT_THEN_PAUSE),
    ("STOPPED", "RECORDING", Step.STOP),
    ("STOPPED", "SOMETHING_NEW", Step.STOP),
    ("STOPPED", "UPLOADED", Step.NOTHING),
]


@pytest.mark.parametrize(("desired", "status", "step"), CASES)
def test_the_status_asks_for_a_step(desired: str, status: str, step: Step) -> None:
    """It is done in place."""
    planned = plan_change(
        build_state(status, desired_state=desired), build_inputs(desired_state=desired)
    )
    assert planned == Plan(step=step)
    assert (planned == Plan()) is (step is Step.NOTHING)


STARTS = {"RECORDING": Step.START, "PAUSED": Step.START_THEN_PAUSE}


@pytest.mark.parametrize("policy", ["keep", "restart"])
@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
@pytest.mark.parametrize("desired", ["RECORDING", "PAUSED"])
def test_on_ended_decides_about_a_recording_that_ended(
    policy: str, status: str, desired: str
) -> None:
    """Kept as it is by default, or replaced by another one."""
    before = build_state(status, desired_state=desired, on_ended=policy)
    after = build_inputs(desired_state=desired, on_ended=policy)
    restarted = Plan(STARTS[desired], replaces=("status",))
    assert plan_change(before, after) == (restarted if policy == "restart" else Plan())


def test_on_ended_fail_says_what_happened_and_what_to_do() -> None:
    """The plan's refusal becomes the deployment's error."""
    before = build_state("UPLOADED", on_ended="fail")
    planned = plan_change(before, build_inputs(on_ended="fail"))
    assert planned != Plan()
    with pytest.raises(RecordingEndedError, match=r"rec-1 ended by itself \(UPLOADED\).*'restart'"):
        planned.raise_refusal()


@pytest.mark.parametrize("policy", ["keep", "restart", "fail"])
def test_a_recording_that_was_to_be_stopped_did_not_end_by_itself(policy: str) -> None:
    """``on_ended`` is about surprises."""
    before = build_state("UPLOADED", desired_state="STOPPED", on_ended=policy)
    assert plan_change(before, build_inputs(desired_state="STOPPED", on_ended=policy)) == Plan()


@pytest.mark.parametrize("desired", ["RECORDING", "PAUSED"])
@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE", "NOT_STARTED"])
@pytest.mark.parametrize("policy", ["keep", "restart", "fail"])
def test_from_stopped_back_to_recording_is_a_new_recording(
    desired: str, status: str, policy: str
) -> None:
    """A stopped recording cannot be continued."""
    before = build_state(status, desired_state="STOPPED", on_ended=policy)
    planned = plan_change(before, build_inputs(desired_state=desired, on_ended=policy))
    changed = ("desired_state",)
    assert planned == Plan(STARTS[desired], replaces=changed, updates=changed)


def test_a_skipped_recording_is_started_by_the_next_deployment() -> None:
    """NO_SESSION is a placeholder: an update cannot change a resource's id."""
    before = build_state("NO_SESSION", on_no_session="skip")
    assert plan_change(before, build_inputs(on_no_session="skip")).replaces == ("status",)


def test_a_live_recording_is_not_replaced_where_that_is_refused() -> None:
    """The sentence names what changed, and the three ways out."""
    planned = plan_change(
        build_state(max_seconds=60), build_inputs(max_seconds=90, replace_live="refuse")
    )
    with pytest.raises(LiveReplacementError, match="max_seconds") as raised:
        planned.raise_refusal()
    for way in ("when the meeting is over", "'STOPPED'", "'allow'"):
        assert way in str(raised.value)


@pytest.mark.parametrize("status", STATUSES)
def test_replace_live_is_about_live_recordings_only(status: str) -> None:
    """One that has ended, or was never started, interrupts nobody."""
    before = build_state(status, max_seconds=60, desired_state="STOPPED")
    after = build_inputs(max_seconds=90, replace_live="refuse", desired_state="STOPPED")
    assert (plan_change(before, after).refusal is not None) is STATUSES[status].is_live


def test_replace_live_lets_every_other_change_pass() -> None:
    """A pause or a policy does not interrupt the meeting's recording for good."""
    planned = plan_change(
        build_state(), build_inputs(desired_state="PAUSED", replace_live="refuse")
    )
    planned.raise_refusal()
    assert planned.step is Step.PAUSE


DRIFT: list[tuple[DesiredState, str, str]] = [
    ("RECORDING", "PAUSED", "PAUSED"),
    ("PAUSED", "RECORDING", "RECORDING"),
    ("PAUSED", "INVOKED", "RECORDING"),
    ("RECORDING", "SOMETHING_NEW", "RECORDING"),
    ("RECORDING", "UPLOADED", "RECORDING"),
    ("PAUSED", "ERRORED", "PAUSED"),
    ("STOPPED", "RECORDING", "RECORDING"),
    ("STOPPED", "UPLOADED", "STOPPED"),
    ("RECORDING", "NO_SESSION", "RECORDING"),
]


@pytest.mark.parametrize(("desired", "status", "amounts_to"), DRIFT)
def test_drift_shows_as_another_desired_state(
    desired: DesiredState, status: str, amounts_to: str
) -> None:
    """Somebody paused it in the dashboard; that it ended is not for ``desired_state`` to say."""
    assert apply_drift(desired, status) == amounts_to


def test_differences_are_found_leaf_by_leaf() -> None:
    """Absent and null are the same; lists of another length differ as a whole."""
    before = {"a": 1, "b": {"c": [1, 2], "d": [1]}, "e": None}
    after = {"a": 2, "b": {"c": [1, 3], "d": [1, 1]}, "f": None}
    assert list(find_changed_paths(before, after)) == [("a",), ("b", "c", 1), ("b", "d")]


ROOMS: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, True),
    ({}, {"on_ended": "restart"}, True),
    ({}, {"on_no_session": "wait"}, False),
    ({}, {"on_no_session": UNKNOWN}, False),
    ({}, {"desired_state": "STOPPED"}, False),
    ({}, {"max_seconds": 90}, False),
    ({"desired_state": "STOPPED"}, {}, False),
    ({"status": "NOT_STARTED"}, {}, False),
    ({"status": "UPLOADED", "on_ended": "restart"}, {"on_ended": "restart"}, False),
]


@pytest.mark.parametrize(("stored", "declared", "waits"), ROOMS)
def test_only_a_skipped_recording_waits_for_somebody_to_come(
    stored: dict[str, Any], declared: dict[str, Any], *, waits: bool
) -> None:
    """And only where nothing else makes another recording of it necessary."""
    state = {**build_state("NO_SESSION", on_no_session="skip"), **stored}
    before = StoredRecording.from_props(ID, state)
    after = DeclaredInputs.from_props(build_inputs(**{"on_no_session": "skip", **declared}))
    planned = make_plan(before, after)
    assert is_waiting_for_session(planned, before, after) is waits
    assert keep_waiting(planned).updates == planned.updates
    assert not keep_waiting(planned).replaces
