"""A plan between two spellings of one recording is empty, whatever is spelled in another way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.deployment.upload_targets import is_same_target, list_targets
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.plan import EFFECTS, Effect, Plan
from tests.example_values import STORAGE, build_inputs, build_layers, build_state, plan_change
from tests.property_examples import run_examples
from tests.schema.spellings import CONFIG_FIELDS, draw_spellings, get_values, spell

ID = "rec-1"
WHERE = "layers.default.outputs[0].storage_config"
FIELDS = [
    (storage_type, field)
    for storage_type, fields in CONFIG_FIELDS.items()
    for field in sorted(fields & STORAGE[storage_type].keys())
    if (storage_type, field) != ("azure", "region")  # an empty text is its only value
]
DEFAULTS = {
    name: field.default
    for name, field in RecordingInputs.model_fields.items()
    if not field.is_required() and field.default is not None
}


@pytest.mark.parametrize("storage_type", STORAGE)
@given(data=st.data())
@run_examples(25)
def test_another_spelling_of_every_field_plans_nothing(
    storage_type: str, data: st.DataObject
) -> None:
    """A live recording is not stopped for a capital letter or a slash."""
    fields = {field for one, field in FIELDS if one == storage_type}
    one, other = draw_spellings(data, storage_type, fields)
    before = build_layers({**STORAGE[storage_type], **one})
    after = build_layers({**STORAGE[storage_type], **other})
    assert plan_change(build_state(layers=before), build_inputs(layers=after)) == Plan()
    [target] = list_targets({**before, "other": after["default"]})
    assert is_same_target(target, list_targets(after)[0])


@pytest.mark.parametrize(("storage_type", "field"), FIELDS)
@given(data=st.data())
@run_examples(25)
def test_another_target_is_another_recording(
    storage_type: str, field: str, data: st.DataObject
) -> None:
    """Where one field differs by more than its spelling, that field is the reason."""
    values = get_values(storage_type, field)
    one = data.draw(values)
    other = data.draw(values.filter(lambda value: value != one))
    configs = [
        {**STORAGE[storage_type], field: data.draw(spell(storage_type, field, value))}
        for value in (one, other)
    ]
    before, after = map(build_layers, configs)
    plan = plan_change(build_state(layers=before), build_inputs(layers=after))
    assert plan.replaces == (f"{WHERE}.{field}",)
    assert not is_same_target(*configs)


@pytest.mark.parametrize(("field", "value"), [("region", ""), ("path", ""), ("path", "/")])
def test_an_empty_text_of_a_container_plans_nothing(field: str, value: str) -> None:
    """The guide of the API has an empty region in it, its reference none."""
    config = {key: one for key, one in STORAGE["azure"].items() if key != field}
    layers = [build_layers(config), build_layers({**config, field: value})]
    for before, after in (layers, layers[::-1]):
        assert plan_change(build_state(layers=before), build_inputs(layers=after)) == Plan()


@pytest.mark.parametrize("status", ["RECORDING", "INVOKED", "PAUSED"])
def test_a_day_written_down_plans_no_other_recording(status: str) -> None:
    """It is the documented default of ``max_seconds``; any other value is another recording."""
    desired = "PAUSED" if status == "PAUSED" else "RECORDING"
    left_out = {"desired_state": desired}
    written = {**left_out, "max_seconds": 86400}
    for before, after in ((left_out, written), (written, left_out)):
        assert plan_change(build_state(status, **before), build_inputs(**after)) == Plan()
    shorter = build_inputs(**left_out, max_seconds=3600)
    assert plan_change(build_state(status, **left_out), shorter).replaces == ("max_seconds",)


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_a_default_written_down_plans_nothing(name: str) -> None:
    """Nor does a default that is taken out again."""
    assert EFFECTS[name] is Effect.UPDATE
    written = build_inputs(**{name: DEFAULTS[name]})
    assert plan_change(build_state(), written) == Plan()
    state = {**build_state(), name: DEFAULTS[name]}
    assert plan_change(state, build_inputs()) == Plan()
