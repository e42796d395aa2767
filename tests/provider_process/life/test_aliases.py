"""A recording under another name, by an alias: the state has its old URN until an update."""

from __future__ import annotations

from typing import Any

import pytest

from tests.example_values import STORAGE, build_layers
from tests.provider_process.process import State
from tests.provider_process.stack import ProviderStack
from tests.scenarios.steps import EmulatedApi


@pytest.mark.parametrize("is_forced", [False, True], ids=["planned", "forced"])
def test_a_renamed_recording_remembers_the_one_that_it_replaces(
    is_forced: bool, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Though it gets another mark; by ``--replace`` the engine does not ask what is planned."""
    declared = {"meeting_id": emulated_api.meeting_id, "on_delete": "leave"}
    changed: dict[str, Any] = {**declared, "max_seconds": 600}
    old = _create_and_rename(stack, declared)
    with stack.deploy() as deployment:
        if not is_forced:
            inputs = stack.check(deployment, "daily", olds=old, **changed)
            assert deployment.provider.diff(old, inputs).replaces
        inputs = stack.check(deployment, "daily", **changed)
        deployment.provider.delete(old)
        new = deployment.provider.create(inputs)
        text = deployment.engine.get_text("notice")
    assert inputs["mark"] == stack.get_mark("daily") != old.inputs["mark"]
    assert new.outputs["previous"]["id"] == old.id
    assert f"replaces recording {old.id}: " in text
    assert emulated_api.live_count == 1


def test_a_renamed_recording_is_reported_once_on_its_own_row(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """The plan and the update say the same; a refresh has nothing but the state."""
    storage = STORAGE["aws"]
    declared = {"meeting_id": emulated_api.meeting_id, "layers": build_layers(storage)}
    old = _create_and_rename(stack, declared)
    rotated = {**declared, "layers": build_layers({**storage, "secret": "rotated-secret"})}
    with stack.deploy() as deployment:
        inputs = stack.check(deployment, "daily", olds=old, **rotated)
        assert deployment.provider.diff(old, inputs).plan == "update"
        deployment.provider.update(old, inputs)
        (notice,) = deployment.engine.get_lines("notice")
    assert notice.text.startswith("the changed credentials are stored")
    emulated_api.control.force(old.id, "ERRORED")
    with stack.deploy() as deployment:
        deployment.provider.read(old)
        (warning,) = deployment.engine.get_lines("warning")
    assert {notice.urn, warning.urn} == {stack.get_urn("daily")}


def _create_and_rename(stack: ProviderStack, declared: dict[str, Any]) -> State:
    """Return what the engine has where an alias is all that changes: its outputs stay."""
    with stack.deploy() as deployment:
        old = stack.create(deployment, **declared)
    with stack.deploy() as deployment:
        renamed = stack.check(deployment, "daily", olds=old, **declared)
    return State(old.id, renamed, old.outputs)
