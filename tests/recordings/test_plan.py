"""What a deployment will do: the whole table, the effect of every input, and what never happens."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.errors import LiveReplacementError, RecordingEndedError
from realtimekit_provider.recordings.create import create_recording
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.plan import (
    STEPS,
    Plan,
    Step,
    changes_credentials,
    next_step,
    plan,
)
from realtimekit_provider.schema.input_diff import find_changed_paths
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.example_values import STORAGE, inputs, layers_to, recording, state
from tests.fakes import World
from tests.recordings.test_inputs import MODELS, nodes, with_unknown

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
RECORDING   START             NOTHING          NOTHING    RESUME   AS_ON_ENDED_SAYS
PAUSED      START_THEN_PAUSE  WAIT_THEN_PAUSE  PAUSE      NOTHING  AS_ON_ENDED_SAYS
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
def test_each_status_has_a_phase(status: str) -> None:
    """A status that nobody has heard of counts as a recording that runs."""
    assert get_phase(status) is STATUSES[status]


def test_a_desired_state_that_is_unknown_asks_for_nothing_yet() -> None:
    """A preview does not guess."""
    assert next_step(UNKNOWN, "RECORDING") is Step.NOTHING
    assert next_step(None, "RECORDING") is Step.NOTHING


# The effect of each input when it changes: path → (another value, effect).
BASE: dict[str, Any] = {
    "max_seconds": 3600,
    "user_ids": ["u1"],
    "session_timeout": 10,
    "wait_for_upload": 10,
}
EFFECTS: dict[str, tuple[Any, str]] = {
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
    "wait_for_upload": (20, "update"),
    "adopt_recording_id": ("another", "replace"),
    "resource_urn": ("urn:pulumi:prod::p::t::renamed", "nothing"),
    "mark": ("rk0000000000", "nothing"),
}
EFFECTS_IN_A_LAYER: dict[str, tuple[Any, str]] = {
    "file_name_prefix": ("another", "replace"),
    "outputs": ([{"type": "REALTIMEKIT_BUCKET"}] * 2, "replace"),
    "media_kind": ("audio", "replace"),
}
EFFECTS_IN_AN_OUTPUT: dict[str, tuple[Any, str]] = {
    "type": ("REALTIMEKIT_BUCKET", "replace"),
    "storage_config": (None, "replace"),
}
EFFECTS_IN_STORAGE: dict[str, tuple[Any, str]] = {
    "type": ("digitalocean", "replace"),
    "bucket": ("another", "replace"),
    "region": ("another", "replace"),
    "path": ("another", "replace"),
    "host": ("another.example.com", "replace"),
    "port": (2222, "replace"),
    "username": ("another", "replace"),
    "auth_method": ("PASSWORD", "update"),
    "access_key": ("another", "update"),
    "secret": ("another", "update"),
    "password": ("another", "update"),
    "private_key": ("another", "update"),
}


def test_every_input_has_an_effect_written_down() -> None:
    """A new field of any model fails here until somebody decides what a change of it does."""
    assert set(EFFECTS) == set(RecordingInputs.model_fields)
    assert set(EFFECTS_IN_A_LAYER) == set(Layer.model_fields)
    assert set(EFFECTS_IN_AN_OUTPUT) == set(Output.model_fields)
    assert set(EFFECTS_IN_STORAGE) == {name for m in MODELS.values() for name in m.model_fields}


def effect_of(planned: Plan) -> str:
    if planned.replaces:
        return "replace"
    return "update" if planned.updates else "nothing"


@pytest.mark.parametrize("name", EFFECTS)
def test_the_effect_of_an_input(name: str) -> None:
    """A change of an input replaces the recording, updates its state, or does nothing."""
    value, effect = EFFECTS[name]
    planned = plan(ID, state(**BASE), {**inputs(**BASE), name: value})
    assert effect_of(planned) == effect


@pytest.mark.parametrize("name", EFFECTS_IN_A_LAYER)
def test_the_effect_of_a_layers_field(name: str) -> None:
    """What a layer is cannot be changed on the way."""
    value, effect = EFFECTS_IN_A_LAYER[name]
    layer = {"file_name_prefix": "p", "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    before = state(layers={"default": layer})
    planned = plan(ID, before, inputs(layers={"default": {**layer, name: value}}))
    assert effect_of(planned) == effect


@pytest.mark.parametrize("name", EFFECTS_IN_AN_OUTPUT)
def test_the_effect_of_an_outputs_field(name: str) -> None:
    """Neither can where its file goes."""
    value, effect = EFFECTS_IN_AN_OUTPUT[name]
    changed = layers_to(STORAGE["aws"])
    changed["default"]["outputs"][0][name] = value
    before = state(layers=layers_to(STORAGE["aws"]))
    assert effect_of(plan(ID, before, inputs(layers=changed))) == effect


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, config in STORAGE.items() for name in config]
)
def test_the_effect_of_a_storages_field(kind: str, name: str) -> None:
    """Another target is another recording; another credential is only taken note of."""
    value, effect = EFFECTS_IN_STORAGE[name]
    before = state(layers=layers_to(STORAGE[kind]))
    value = "gcs" if STORAGE[kind][name] == value else value
    planned = plan(ID, before, inputs(layers=layers_to({**STORAGE[kind], name: value})))
    assert effect_of(planned) == effect
    assert changes_credentials(planned.updates) is (effect == "update")


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
    assert effect_of(plan(ID, state(), inputs(layers=LAYER_CHANGES[change]))) == "replace"


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
    assert plan(ID, state(layers=left_out), inputs(layers=written_out)).is_empty
    assert plan(ID, state(layers=written_out), inputs(layers=left_out)).is_empty


def test_a_plan_names_the_paths() -> None:
    """Both lists are in the words of the user's inputs."""
    before = state(layers=layers_to(STORAGE["aws"]))
    storage = {**STORAGE["aws"], "bucket": "another", "secret": "another"}
    planned = plan(ID, before, inputs(layers=layers_to(storage), on_ended="fail"))
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
    planned = plan(ID, state(adopt_recording_id=before), inputs(adopt_recording_id=after))
    assert effect_of(planned) == effect


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
    planned = plan(ID, state(status, desired_state=desired), inputs(desired_state=desired))
    assert planned == Plan(step=step)
    assert planned.is_empty is (step is Step.NOTHING)


ON_ENDED = {
    "keep": Plan(),
    "restart": Plan(replaces=("status",)),
}


@pytest.mark.parametrize("policy", ON_ENDED)
@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
@pytest.mark.parametrize("desired", ["RECORDING", "PAUSED"])
def test_on_ended_decides_about_a_recording_that_ended(
    policy: str, status: str, desired: str
) -> None:
    """Kept as it is by default, or replaced by another one."""
    before = state(status, desired_state=desired, on_ended=policy)
    after = inputs(desired_state=desired, on_ended=policy)
    assert plan(ID, before, after) == ON_ENDED[policy]


def test_on_ended_fail_says_what_happened_and_what_to_do() -> None:
    """The plan's refusal becomes the deployment's error."""
    before = state("UPLOADED", on_ended="fail")
    planned = plan(ID, before, inputs(on_ended="fail"))
    assert not planned.is_empty
    with pytest.raises(RecordingEndedError, match=r"rec-1 ended by itself \(UPLOADED\).*'restart'"):
        planned.accepted()


@pytest.mark.parametrize("policy", ["keep", "restart", "fail"])
def test_a_recording_that_was_to_be_stopped_did_not_end_by_itself(policy: str) -> None:
    """``on_ended`` is about surprises."""
    before = state("UPLOADED", desired_state="STOPPED", on_ended=policy)
    assert plan(ID, before, inputs(desired_state="STOPPED", on_ended=policy)).is_empty


@pytest.mark.parametrize("desired", ["RECORDING", "PAUSED"])
@pytest.mark.parametrize("status", ["UPLOADING", "UPLOADED", "ERRORED", "GONE", "NOT_STARTED"])
@pytest.mark.parametrize("policy", ["keep", "restart", "fail"])
def test_from_stopped_back_to_recording_is_a_new_recording(
    desired: str, status: str, policy: str
) -> None:
    """A stopped recording cannot go on."""
    before = state(status, desired_state="STOPPED", on_ended=policy)
    planned = plan(ID, before, inputs(desired_state=desired, on_ended=policy))
    assert planned.replaces == ("desired_state",)
    assert planned.refusal is None


def test_what_was_skipped_is_started_by_the_next_deployment() -> None:
    """NO_SESSION is a placeholder: an update cannot change a resource's id."""
    before = state("NO_SESSION", on_no_session="skip")
    assert plan("nothing-started-x", before, inputs(on_no_session="skip")).replaces == (
        "desired_state",
    )


def test_a_live_recording_is_not_replaced_where_that_is_refused() -> None:
    """The sentence names what changed, and the three ways out."""
    planned = plan(ID, state(max_seconds=60), inputs(max_seconds=90, replace_live="refuse"))
    with pytest.raises(LiveReplacementError, match="max_seconds") as raised:
        planned.accepted()
    for way in ("when the meeting is over", "'STOPPED'", "'allow'"):
        assert way in str(raised.value)


@pytest.mark.parametrize("status", STATUSES)
def test_replace_live_is_about_live_recordings_only(status: str) -> None:
    """One that has ended, or was never started, interrupts nobody."""
    before = state(status, max_seconds=60, desired_state="STOPPED")
    after = inputs(max_seconds=90, replace_live="refuse", desired_state="STOPPED")
    assert (plan(ID, before, after).refusal is not None) is STATUSES[status].is_live


def test_replace_live_lets_every_other_change_pass() -> None:
    """A pause or a policy does not interrupt the meeting's recording for good."""
    planned = plan(ID, state(), inputs(desired_state="PAUSED", replace_live="refuse"))
    assert planned.accepted().step is Step.PAUSE


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


def test_differences_are_told_leaf_by_leaf() -> None:
    """Absent and null are the same; lists of another length differ as a whole."""
    before = {"a": 1, "b": {"c": [1, 2], "d": [1]}, "e": None}
    after = {"a": 2, "b": {"c": [1, 3], "d": [1, 1]}, "f": None}
    assert list(find_changed_paths(before, after)) == [("a",), ("b", "c", 1), ("b", "d")]


# What never happens, whatever the inputs are.
STATES = st.sampled_from(["RECORDING", "PAUSED", "STOPPED"])
ANY_STATUS = st.sampled_from([*STATUSES, ""])
KINDS = st.sampled_from([*STORAGE, None])
PREFIXES = st.sampled_from([None, "mine", "x_{mark}"])


@st.composite
def declared(draw: st.DrawFn) -> dict[str, Any]:
    """Inputs as somebody may declare them."""
    names = draw(st.lists(st.sampled_from(["default", "video"]), min_size=1, unique=True))
    layers: dict[str, Any] = {}
    for name in names:
        kind, prefix = draw(KINDS), draw(PREFIXES)
        layer = layers_to(STORAGE[kind])["default"] if kind else {}
        layers[name] = {**layer, "file_name_prefix": prefix} if prefix else layer
    return inputs(
        layers=layers,
        max_seconds=draw(st.sampled_from([None, 60, 86400])),
        desired_state=draw(STATES),
        on_ended=draw(st.sampled_from(["keep", "restart", "fail"])),
        replace_live=draw(st.sampled_from(["allow", "refuse"])),
        adopt_recording_id=draw(st.sampled_from([None, ID, "another"])),
    )


def is_converged(asked: Mapping[str, Any], status: str) -> bool:
    step = STEPS[asked["desired_state"]][get_phase(status)]
    return step is Step.NOTHING or (step is Step.AS_ON_ENDED_SAYS and asked["on_ended"] == "keep")


@given(declared(), ANY_STATUS)
def test_what_is_as_declared_plans_nothing(asked: dict[str, Any], status: str) -> None:
    """``plan(x, x)`` is empty exactly where the status is what the inputs want."""
    assert plan(ID, {**asked, "status": status}, asked).is_empty is is_converged(asked, status)


@given(declared(), ANY_STATUS, STATES)
def test_drift_never_replaces_but_by_on_ended_restart(
    asked: dict[str, Any], status: str, drifted: str
) -> None:
    """Whatever became of a recording that was started, another one is started only if asked for."""
    if get_phase(status) is Phase.NONE:
        return
    drifted = drifted if get_phase(status).is_live else asked["desired_state"]
    planned = plan(ID, {**asked, "desired_state": drifted, "status": status}, asked)
    if planned.replaces:
        assert planned.replaces == ("status",)
        assert asked["on_ended"] == "restart"
        assert get_phase(status) is Phase.ENDED


@given(declared(), ANY_STATUS, st.data())
def test_credentials_alone_never_replace(
    asked: dict[str, Any], status: str, data: st.DataObject
) -> None:
    """Neither a new value, nor one that is unknown, nor one that is gone or added."""
    rotated = copy.deepcopy(asked)
    credentials = SECRET_KEYS | {"auth_method"}
    for path in list(nodes(asked)):
        if path[-1] in credentials:
            place: Any = rotated
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = data.draw(st.sampled_from(["another", UNKNOWN, None]))
    before = {**asked, "status": status}
    planned = plan(ID, before, rotated)
    assert planned.replaces == plan(ID, before, asked).replaces
    assert changes_credentials(planned.updates) is (rotated != asked)


@given(declared(), ANY_STATUS, st.data())
def test_unknown_never_crashes_and_an_unknown_target_is_a_replacement(
    asked: dict[str, Any], status: str, data: st.DataObject
) -> None:
    """Otherwise the engine would delete a bucket under a live recording."""
    path = data.draw(st.sampled_from(list(nodes(asked))))
    planned = plan(ID, {**asked, "status": status}, with_unknown(asked, path))
    is_credential = path[-1] in SECRET_KEYS | {"auth_method"}
    if path[0] in {"meeting_id", "account_id", "app_id", "max_seconds"}:
        assert planned.replaces
    if path[0] == "layers" and not is_credential:
        assert planned.replaces


@given(declared(), declared(), ANY_STATUS)
def test_a_plan_is_always_made(before: dict[str, Any], after: dict[str, Any], status: str) -> None:
    """Any two inputs, any status: one plan, and never a step beside a replacement."""
    planned = plan(ID, {**before, "status": status}, after)
    assert planned.step is Step.NOTHING or not planned.replaces


@given(declared())
def test_what_was_just_started_plans_nothing_but_its_own_state(asked: dict[str, Any]) -> None:
    """The facts that a start stores fit the inputs that it was given."""
    world = World(start=[recording(ID)])
    plain = {**asked, "desired_state": "RECORDING"}
    plain.pop("adopt_recording_id", None)
    started = create_recording(RecordingInputs.model_validate(plain), world.ports)
    assert plan(started.recording_id, {**plain, **started.facts}, plain).is_empty
