"""The token: never an input, read at each deployment, needed at the first call."""

from __future__ import annotations

import pytest

from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack
from tests.scenarios.steps import EmulatedApi


def test_a_preview_needs_no_token(stack: ProviderStack, emulated_api: EmulatedApi) -> None:
    """Check and diff make no call; the first call says how to set one."""
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    calls = emulated_api.control.counts().total
    stack.environment = {"CLOUDFLARE_API_TOKEN": None}
    with stack.deploy() as deployment:
        paused = stack.check(
            deployment, olds=state, meeting_id=emulated_api.meeting_id, desired_state="PAUSED"
        )
        assert deployment.provider.diff(state, paused).plan == "update"
        with pytest.raises(OperationError, match="there is no API token") as failure:
            deployment.provider.update(state, paused)
    assert "CLOUDFLARE_API_TOKEN" in str(failure.value)
    assert "cloudflare:apiToken" in str(failure.value)
    assert emulated_api.control.counts().total == calls


@pytest.mark.parametrize(("state", "status"), [("revoked", 401), ("forbidden", 403)])
def test_a_refused_token_is_an_error_at_once(
    state: str, status: int, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """It is not tried again, and the message says which permission is needed."""
    stack.environment = {"CLOUDFLARE_API_TOKEN": "canary-token"}
    emulated_api.control.set_token("canary-token", state)
    with stack.deploy() as deployment, pytest.raises(OperationError) as failure:
        stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert f"HTTP {status}" in str(failure.value)
    assert "Realtime Admin" in str(failure.value)
    assert "canary-token" not in str(failure.value) + deployment.engine.get_text()
    assert emulated_api.control.counts().total == 1


def test_the_stacks_config_comes_before_the_environment(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """As with every setting, the first one that is set wins."""
    stack.config = {"cloudflare:apiToken": stack.emulator.token}
    stack.environment = {"CLOUDFLARE_API_TOKEN": "of-environment"}
    with stack.deploy() as deployment:
        stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert emulated_api.live_count == 1


def test_a_token_that_is_revoked_midway_fails_the_next_operation(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """What was started stays in the state and keeps running."""
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
        emulated_api.control.set_token(stack.emulator.token, "revoked")
        with pytest.raises(OperationError, match="HTTP 401"):
            deployment.provider.delete(state)
    assert emulated_api.live_count == 1


def test_read_and_stop_use_account_and_app_of_the_start(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Whatever the config says later, the recording is found where it was started."""
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    stack.config = {"realtimekit:accountId": "e" * 32, "realtimekit:appId": "another"}
    with stack.deploy() as deployment:
        refreshed = deployment.provider.read(state)
        deployment.provider.delete(state)
    assert refreshed is not None
    assert emulated_api.live_count == 0


@pytest.mark.parametrize(("token", "calls"), [(None, 0), ("canary-token", 1)])
def test_a_preview_shows_a_replacement_where_the_token_cannot_tell_whether_its_meeting_exists(
    token: str | None, calls: int, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """It does not fail; without a token it asks nothing."""
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    emulated_api.control.set_token("canary-token", "forbidden")
    stack.environment = {"CLOUDFLARE_API_TOKEN": token}
    before = emulated_api.control.counts().total
    with stack.deploy() as deployment:
        changed = stack.check(deployment, olds=state, meeting_id="mistyped")
        assert deployment.provider.diff(state, changed).plan == "replace"
    assert emulated_api.control.counts().total - before == calls
