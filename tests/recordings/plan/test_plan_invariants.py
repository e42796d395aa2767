"""Invariants of the plan of a deployment, whatever the inputs are."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.status import (
    Phase,
    get_phase,
)
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.recordings.create import create_recording
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.plan import (
    STEPS,
    Plan,
    Step,
    has_changed_credentials,
)
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.bad_inputs import insert_unknown, iterate_paths
from tests.example_values import STORAGE, build_inputs, build_layers, build_recording, plan_change
from tests.fakes import FakePorts
from tests.recordings.plan.test_plan import STATUSES

ID = "rec-1"
STATES = st.sampled_from(["RECORDING", "PAUSED", "STOPPED"])
ANY_STATUS = st.sampled_from([*STATUSES, ""])
KINDS = st.sampled_from([*STORAGE, None])
PREFIXES = st.sampled_from([None, "mine", "x_{mark}"])


@st.composite
def draw_inputs(draw: st.DrawFn) -> dict[str, Any]:
    """Inputs as somebody may declare them."""
    names = draw(st.lists(st.sampled_from(["default", "video"]), min_size=1, unique=True))
    layers: dict[str, Any] = {}
    for name in names:
        kind, prefix = draw(KINDS), draw(PREFIXES)
        layer = build_layers(STORAGE[kind])["default"] if kind else {}
        layers[name] = {**layer, "file_name_prefix": prefix} if prefix else layer
    return build_inputs(
        layers=layers,
        max_seconds=draw(st.sampled_from([None, 60, 86400])),
        desired_state=draw(STATES),
        on_ended=draw(st.sampled_from(["keep", "restart", "fail"])),
        replace_live=draw(st.sampled_from(["allow", "refuse"])),
        adopt_recording_id=draw(st.sampled_from([None, ID, "another"])),
    )


def is_converged(asked: Mapping[str, Any], status: str) -> bool:
    step = STEPS[asked["desired_state"]][get_phase(status)]
    return step is Step.NOTHING or (step is Step.APPLY_ON_ENDED and asked["on_ended"] == "keep")


@given(draw_inputs(), ANY_STATUS)
def test_a_recording_that_is_as_declared_plans_nothing(asked: dict[str, Any], status: str) -> None:
    """``make_plan(x, x)`` is empty exactly where the status is what the inputs want."""
    assert (plan_change({**asked, "status": status}, asked) == Plan()) is is_converged(
        asked, status
    )


@given(draw_inputs(), ANY_STATUS, STATES)
def test_drift_only_replaces_under_on_ended_restart(
    asked: dict[str, Any], status: str, drifted: str
) -> None:
    """Whatever became of a recording that was started, another one is started only if asked for."""
    if get_phase(status) is Phase.NONE:
        return
    drifted = drifted if get_phase(status).is_live else asked["desired_state"]
    planned = plan_change({**asked, "desired_state": drifted, "status": status}, asked)
    if planned.replaces:
        assert planned.replaces == ("status",)
        assert asked["on_ended"] == "restart"
        assert get_phase(status) is Phase.ENDED


@given(draw_inputs(), ANY_STATUS, st.data())
def test_credentials_alone_never_replace(
    asked: dict[str, Any], status: str, data: st.DataObject
) -> None:
    """Neither a new value, nor one that is unknown, nor one that is gone or added."""
    rotated = copy.deepcopy(asked)
    credentials = SECRET_KEYS | {"auth_method"}
    for path in list(iterate_paths(asked)):
        if path[-1] in credentials:
            parent: Any = rotated
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = data.draw(st.sampled_from(["another", UNKNOWN, None]))
    before = {**asked, "status": status}
    planned = plan_change(before, rotated)
    assert planned.replaces == plan_change(before, asked).replaces
    assert has_changed_credentials(planned.updates) is (rotated != asked)


@given(draw_inputs(), ANY_STATUS, st.data())
def test_unknown_never_crashes_and_an_unknown_target_is_a_replacement(
    asked: dict[str, Any], status: str, data: st.DataObject
) -> None:
    """Otherwise the engine would delete a bucket under a live recording."""
    path = data.draw(st.sampled_from(list(iterate_paths(asked))))
    planned = plan_change({**asked, "status": status}, insert_unknown(asked, path))
    is_credential = path[-1] in SECRET_KEYS | {"auth_method"}
    if path[0] in {"meeting_id", "account_id", "app_id", "max_seconds"}:
        assert planned.replaces
    if path[0] == "layers" and not is_credential:
        assert planned.replaces


@given(draw_inputs(), draw_inputs(), ANY_STATUS)
def test_a_plan_is_always_made(before: dict[str, Any], after: dict[str, Any], status: str) -> None:
    """Any two inputs, any status: one plan, and beside a replacement no step but a start."""
    planned = plan_change({**before, "status": status}, after)
    wants_recording = after["desired_state"] != "STOPPED"
    assert planned.is_starting_recording is (bool(planned.replaces) and wants_recording)
    assert planned.is_starting_recording or planned.step is Step.NOTHING or not planned.replaces


@given(draw_inputs())
def test_a_recording_that_was_just_started_plans_no_change(asked: dict[str, Any]) -> None:
    """The outputs that a start stores fit the inputs that it was given."""
    fake = FakePorts(start=[build_recording(ID)])
    plain = {**asked, "desired_state": "RECORDING"}
    plain.pop("adopt_recording_id", None)
    started = create_recording(RecordingInputs.model_validate(plain), fake.ports)
    assert plan_change({**plain, **started.outputs.to_props()}, plain) == Plan()
