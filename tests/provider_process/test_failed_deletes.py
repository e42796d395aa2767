"""A delete that fails: only where the resource is being replaced, the engine may wait forever."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pulumi.runtime import rpc

from realtimekit_provider.engine.controller_base import ENDLESS_REPLACEMENT
from realtimekit_provider.providers import StorageGateProvider, StorageLocationProvider
from tests.example_values import STORAGE
from tests.provider_process.process import OperationError, ProviderProcess, State
from tests.provider_process.stack import ProviderStack
from tests.scenarios.steps import EmulatedApi
from tests.storage.location.location_inputs import LOCATIONS

Kind = Literal["recording", "gate", "location"]
KINDS: tuple[Kind, ...] = ("recording", "gate", "location")


@pytest.fixture
def stack(stack: ProviderStack) -> ProviderStack:
    """A stack that reaches neither the API nor a cloud."""
    stack.environment = {
        "CLOUDFLARE_API_TOKEN": "canary-token",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": "/nonexistent",
    }
    return stack


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_asked_before_check", [False, True])
def test_a_failed_delete_of_a_replacement_says_that_pulumi_may_not_end(
    kind: Kind, *, is_asked_before_check: bool, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Also of one that is replaced since what it depends on is, before the program declares it."""
    with stack.deploy() as deployment:
        process, state, changed = _prepare(kind, deployment.provider, stack, emulated_api)
        if is_asked_before_check:
            unknown = dict.fromkeys(changed, rpc.UNKNOWN)
            process.diff(state, {**state.inputs, **unknown})
        else:
            process.check({**state.inputs, **changed}, state.inputs)
        assert _delete(process, state).endswith(ENDLESS_REPLACEMENT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_refreshed", [False, True])
def test_a_failed_delete_of_a_destroy_says_only_what_failed(
    kind: Kind, *, is_refreshed: bool, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """A destroy declares nothing, also where it refreshes before; the engine ends by itself."""
    with stack.deploy() as deployment:
        process, state, _ = _prepare(kind, deployment.provider, stack, emulated_api)
        if is_refreshed:
            process.diff(state, state.inputs)
        assert "--continue-on-error" not in _delete(process, state)


def _delete(process: ProviderProcess, state: State) -> str:
    with pytest.raises(OperationError) as failure:
        process.delete(state)
    return str(failure.value)


def _prepare(
    kind: Kind, provider: ProviderProcess, stack: ProviderStack, emulated_api: EmulatedApi
) -> tuple[ProviderProcess, State, dict[str, Any]]:
    """Return the process for such a resource, its state, and inputs that replace it."""
    urn = {"resource_urn": stack.get_urn(kind)}
    if kind == "recording":
        inputs = stack.build_inputs(
            meeting_id=emulated_api.meeting_id,
            account_id=stack.emulator.account_id,
            app_id=stack.emulator.app_id,
            desired_state="RECORDING",
        )
        state = State("rec-1", inputs, {**inputs, "status": "RECORDING"})
        return provider, state, {"max_seconds": 600}
    if kind == "gate":
        app = {"account_id": stack.emulator.account_id, "app_id": stack.emulator.app_id}
        inputs = {**STORAGE["aws"], **urn, "apps": [app], "write_test": False}
        state = State("aws:recordings", inputs, inputs)
        return provider.with_provider(StorageGateProvider()), state, {"bucket": "others"}
    inputs = {**LOCATIONS["aws"], **urn, "mark": stack.get_mark()}
    state = State("aws:recordings", inputs, inputs)
    return provider.with_provider(StorageLocationProvider()), state, {"bucket": "others"}
