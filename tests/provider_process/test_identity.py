"""The identity of a stack, and what becomes of a resource without one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.providers import StackIdentityProvider, StorageWriterProvider
from tests.provider_process.process import ProviderProcess, State
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi

URN = "urn:pulumi:dev::meetings::pulumi-python:dynamic/realtimekit:StackIdentity::identity"


def build_inputs(*, declares: bool = True) -> dict[str, Any]:
    return {"declares": declares, "resource_urn": URN}


def _get_identities(run: RunningDeployment) -> ProviderProcess:
    return run.provider.with_provider(StackIdentityProvider())


def _create(identities: ProviderProcess) -> State:
    inputs, failures = identities.check(build_inputs())
    assert not failures
    return identities.create(inputs)


def test_the_value_is_random_and_short(stack: ProviderStack, deployment: RunningDeployment) -> None:
    """Eight hexadecimal digits, which are the resource's id too."""
    identities = _get_identities(deployment)
    first, second = _create(identities), _create(identities)
    assert re.fullmatch(r"[0-9a-f]{8}", first.outputs["value"])
    assert first.id == first.outputs["value"] != second.id


def test_neither_change_nor_refresh_makes_another_value(
    stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """Whether the program declares anything is stored beside it."""
    identities = _get_identities(deployment)
    state = _create(identities)
    assert identities.diff(state, build_inputs()).plan == "same"
    changed = build_inputs(declares=False)
    assert identities.diff(state, changed).plan == "update"
    updated = identities.update(state, changed)
    assert updated.outputs == {**state.outputs, "declares": False}
    assert identities.read(updated) == updated


def test_a_replacement_by_force_keeps_the_value(
    stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """The engine deletes the old one first, in the same process."""
    identities = _get_identities(deployment)
    old = _create(identities)
    identities.delete(old)
    assert _create(identities).outputs == old.outputs


@pytest.mark.parametrize(
    ("before", "after", "allowed", "is_refused"),
    [
        (True, False, None, True),
        (True, False, "false", True),
        (True, False, "true", False),
        (True, True, None, False),
        (False, False, None, False),
        (False, True, None, False),
        (None, False, None, False),
    ],
)
def test_a_stack_is_emptied_only_where_that_is_allowed(
    emulator: EmulatorServer,
    before: bool | None,
    after: bool,
    allowed: str | None,
    is_refused: bool,
) -> None:
    """Only what declared something can lose it; a new stack may begin empty."""
    stack = ProviderStack(emulator, config={"realtimekit:allowEmpty": allowed})
    olds = None if before is None else build_inputs(declares=before)
    with stack.deploy() as run:
        _, failures = _get_identities(run).check(build_inputs(declares=after), olds)
    assert bool(failures) is is_refused
    assert is_refused == ("realtimekit:allowEmpty true" in str(failures))


def test_a_wrong_setting_is_reported_by_the_resources_that_it_concerns(
    emulator: EmulatorServer, emulated_api: EmulatedApi
) -> None:
    """The identity, which is registered first, would otherwise hide their rows."""
    stack = ProviderStack(emulator, config={"realtimekit:allowEmpty": "perhaps"})
    with stack.deploy() as run:
        assert _get_identities(run).check(build_inputs())[1] == {}
        inputs = stack.build_inputs(meeting_id=emulated_api.meeting_id)
        _, failures = run.provider.check(inputs)
    assert failures == {"realtimekit:allowEmpty": "must be true or false"}


WRITER = {"type": "aws", "name": "archive", "bucket": "recordings", "region": "eu-west-1"}


@pytest.mark.parametrize("kind", ["recording", "writer"])
def test_without_an_identity_a_resource_is_refused(
    kind: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """The text names the target to add, and nothing else is wrong."""
    inputs = stack.build_inputs(meeting_id=emulated_api.meeting_id)
    del inputs["mark"]
    process = deployment.provider
    if kind == "writer":
        process = process.with_provider(StorageWriterProvider())
        inputs = {**WRITER, "resource_urn": stack.get_urn("writer")}
    _, failures = process.check(inputs)
    assert len(failures) == 1
    assert f"add --target '{URN}'" in str(failures)


def test_the_mark_of_the_state_wins(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Renamed, moved or under another identity: a resource keeps what it was created with."""
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    other = ProviderStack(stack.emulator, identity="5e1d3a7c")
    inputs = other.build_inputs("daily", meeting_id=emulated_api.meeting_id)
    with stack.deploy() as run:
        checked, failures = run.provider.check(inputs, state.inputs)
        assert not failures
        assert checked["mark"] == stack.get_mark()
        assert checked["layers"] == state.inputs["layers"]
        assert run.provider.diff(state, checked).plan == "same"
