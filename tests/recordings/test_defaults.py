"""Defaults of the inputs of a ``TrackRecording``: the stack's, and the generated prefixes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.recordings.inputs import (
    RecordingInputs,
    apply_defaults,
    validate_inputs,
)
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.example_values import (
    ACCOUNT,
    APP,
    MARK,
    STORAGE,
    URN,
    build_declared_inputs,
    build_inputs,
    build_layers,
)


def test_inputs_get_the_stacks_defaults() -> None:
    """What a resource leaves out comes from the stack; what it says stays."""
    defaults = RecordingDefaults("account", "app", {"on_ended": "restart", "on_delete": "leave"})
    declared = build_declared_inputs(
        account_id=None, app_id="mine", on_delete="stop", on_conflict=None
    )
    whole = apply_defaults(declared, {}, defaults)
    assert (whole["account_id"], whole["app_id"]) == ("account", "mine")
    assert (whole["on_ended"], whole["on_delete"]) == ("restart", "stop")
    assert whole["desired_state"] == "RECORDING"
    assert "on_conflict" not in whole


def test_every_policy_has_a_safe_default() -> None:
    """A stack that says nothing loses nothing and doubles nothing."""
    plain = RecordingInputs.model_validate(build_inputs())
    assert {name: getattr(plain, name) for name in POLICIES} == {
        "on_no_session": "fail",
        "session_timeout": 300.0,
        "on_ended": "keep",
        "on_conflict": "fail",
        "on_delete": "stop",
        "replace_live": "allow",
        "wait_for_recording": 0.0,
        "wait_for_upload": 0.0,
    }


def test_the_given_inputs_are_not_changed() -> None:
    """The program's own mappings are not written to."""
    declared = build_declared_inputs(layers=build_layers(STORAGE["aws"]))
    before = copy.deepcopy(declared)
    apply_defaults(declared, {}, RecordingDefaults())
    assert declared == before


def test_a_layer_without_a_prefix_gets_one_with_the_mark() -> None:
    """Each layer its own; a user's prefix stays, and ``{mark}`` in it is replaced."""
    layers = {"a": {}, "b": {"file_name_prefix": "mine"}, "c": {"file_name_prefix": "x_{mark}"}}
    whole = apply_defaults(build_declared_inputs(layers=layers), {}, RecordingDefaults())["layers"]
    assert {name: layer["file_name_prefix"] for name, layer in whole.items()} == {
        "a": f"prod_standup_a_{MARK}",
        "b": "mine",
        "c": f"x_{MARK}",
    }


def test_in_a_first_preview_prefixes_with_the_mark_are_unknown() -> None:
    """They are as unknown as the mark; one that is not allowed is told at once."""
    layers = {
        "a": {},
        "b": {"file_name_prefix": "mine"},
        "c": {"file_name_prefix": "x_{mark}"},
        "d": {"file_name_prefix": "x-{mark}"},
    }
    declared = build_declared_inputs(layers=layers, mark=UNKNOWN)
    whole = apply_defaults(declared, {}, RecordingDefaults())
    assert whole["mark"] is UNKNOWN
    assert {name: layer["file_name_prefix"] for name, layer in whole["layers"].items()} == {
        "a": UNKNOWN,
        "b": "mine",
        "c": UNKNOWN,
        "d": "x-{mark}",
    }
    assert [one.path for one in validate_inputs(whole)] == ["layers.d.file_name_prefix"]


def test_an_unknown_urn_makes_only_a_new_prefix_unknown() -> None:
    """Below a component whose name is not known yet, what was generated before is kept."""
    declared = build_declared_inputs(layers={"default": {}, "new": {}}, resource_urn=UNKNOWN)
    before = build_inputs()
    whole = apply_defaults(declared, before, RecordingDefaults())["layers"]
    assert whole == {**before["layers"], "new": {"file_name_prefix": UNKNOWN}}


def test_applying_defaults_again_changes_nothing() -> None:
    """Complete inputs stay as they are."""
    once = apply_defaults(
        build_declared_inputs(layers=build_layers(STORAGE["gcs"])), {}, RecordingDefaults()
    )
    assert apply_defaults(once, once, RecordingDefaults()) == once


def test_an_alias_keeps_prefix_and_mark() -> None:
    """A resource that is renamed by an alias keeps its recording."""
    before = build_inputs()
    renamed = build_declared_inputs(
        resource_urn=URN.replace("standup", "daily"), mark="rk0000000000000000"
    )
    after = apply_defaults(renamed, before, RecordingDefaults())
    assert after["mark"] == MARK
    assert after["layers"] == before["layers"]


def test_a_prefix_of_the_users_own_is_not_kept() -> None:
    """Taking it out again gives a generated one."""
    before = build_inputs(layers={"default": {"file_name_prefix": "mine"}})
    after = apply_defaults(build_declared_inputs(), before, RecordingDefaults())
    assert after["layers"]["default"]["file_name_prefix"] == f"prod_standup_default_{MARK}"


@pytest.mark.parametrize("odd", [None, "x", 7, [], {"a": 1}, UNKNOWN])
def test_odd_layers_are_left_for_validation(odd: Any) -> None:
    """Applying defaults never crashes on what a user wrote."""
    for layers in (odd, {"default": odd}, {"default": {"outputs": odd, "file_name_prefix": odd}}):
        declared = {**build_declared_inputs(), "layers": layers}
        apply_defaults(declared, {"layers": odd, "mark": MARK}, RecordingDefaults(ACCOUNT, APP))
